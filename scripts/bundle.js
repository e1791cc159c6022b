// Bundles the package's own code into dist/: Node.js takes about a millisecond to load a module, and there are hundreds.
// Dependencies stay outside. The files lie side by side, so that fleet.js finds worker.js, here and in a build of tsc.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/cli/main.ts', 'src/index.ts', 'src/probes/load/worker.ts'],
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  outdir: 'dist',
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
});

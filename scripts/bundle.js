// Bundles the package's own code into dist/: Node.js takes about a millisecond to load a module, and there are hundreds.
// Dependencies stay outside. The files lie side by side, so that fleet.js finds worker.js, here and in a build of tsc.
import { build } from 'esbuild';

const common = {
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  outdir: 'dist',
  entryNames: '[name]',
};
await build({
  ...common,
  entryPoints: ['src/cli/main.ts', 'src/index.ts'],
  chunkNames: '[name]-[hash]',
});
// Worker threads share nothing with the main thread: with chunks of their own they load 5 files, and not 27.
await build({
  ...common,
  entryPoints: ['src/probes/load/worker.ts'],
  chunkNames: 'worker-[name]-[hash]',
});
// So does the echo server of doctor, which is a process of its own.
await build({
  ...common,
  entryPoints: ['src/lab/echo-server.ts'],
  chunkNames: 'echo-[name]-[hash]',
});

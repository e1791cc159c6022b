/** V8's settings for the process of the command line. A program that uses the library has its own. */

/** Major versions of Node.js whose V8 knows the flag, as tried with 20.20, 22.23 and 24.21. To others it would print an error. */
const KNOWN_IN = [20, 22, 24];

/**
 * Call it before a WebAssembly module is made. V8 compiles the function of llhttp that does all the parsing a second time when it has
 * run for a while. With unrolled loops that takes 15 MB more for a moment, which was the peak of a whole run's memory; without, it is
 * as fast (bench/README.md).
 */
export function keepWasmLoops(): void {
  const major = Number.parseInt(process.versions.node, 10);
  if (!KNOWN_IN.includes(major)) return;
  process.getBuiltinModule('node:v8').setFlagsFromString('--no-wasm-loop-unrolling');
}

/** V8's settings for the process of the command line. A program that uses the library has its own. */
import type { LoadPlan } from '../plan/plan.js';

/** Major versions of Node.js whose V8 knows the flags, as tried with 20.20, 22.23 and 24.21. To others it would print an error. */
const KNOWN_IN = [20, 22, 24];
/**
 * In a run of fewer requests V8's optimizing compiler costs more than it saves. One function of llhttp does all the parsing: to optimize it
 * takes as much CPU as 80,000 responses save by that, and 20 MB (bench/README.md).
 */
const WORTH_OPTIMIZING = 50_000;

/**
 * Sets how the WebAssembly that parses responses is compiled in a run with this load. Call it before the first request.
 *
 * @returns call it when this thread has parsed a response: puts back what was only needed until then
 */
export function compileParserFor({ requests, ratePerSecond, durationMs }: LoadPlan): () => void {
  const byRate =
    ratePerSecond === null || durationMs === null
      ? Number.POSITIVE_INFINITY
      : (ratePerSecond * durationMs) / 1000;
  if (Math.min(requests ?? Number.POSITIVE_INFINITY, byRate) < WORTH_OPTIMIZING) return compileQuickly();
  compileInLittleMemory();
  return () => {};
}

/**
 * Modules that are made from now on, in all threads, are never optimized.
 *
 * @returns puts this back. It should be soon: while a flag differs, V8 does not use what it keeps of Node.js' own code, and compiles what each
 *   thread loads. What was made stays as it is, and threads share it
 */
export function compileQuickly(): () => void {
  setFlags('--no-wasm-dynamic-tiering --no-wasm-tier-up');
  return () => setFlags('--wasm-dynamic-tiering --wasm-tier-up');
}

/**
 * V8 optimizes the parser when it has run for a while. With unrolled loops that takes 15 MB more for a moment, which was the peak of a whole
 * run's memory; without, it is as fast (bench/README.md).
 */
export function compileInLittleMemory(): void {
  setFlags('--no-wasm-loop-unrolling');
}

function setFlags(flags: string): void {
  const major = Number.parseInt(process.versions.node, 10);
  if (KNOWN_IN.includes(major)) process.getBuiltinModule('node:v8').setFlagsFromString(flags);
}

/** Runs until their verdict, counted: verdicts, and how many requests they took. */
import { lowerBound, upperBound } from '../../../src/analysis/stats/clopper-pearson.js';
import type { Verdict } from '../../../src/analysis/verdict.js';
import type { Tally } from './step.js';

/** How a run went. */
export interface Ended {
  readonly verdict: Verdict;
  /** Seen at the verdict, or at the cap. */
  readonly requests: number;
}

/** Parts of a hundred that an interval leaves out on each side. */
const OUTSIDE = 0.025;
/** Beyond this many standard errors it is not chance. */
const ERRORS = 5;
/** The chance of a wrong verdict that is allowed. */
const ALPHA = 0.05;

/** Counts runs; `size` is the fixed size that their requests are compared with. */
export function tallied(runs: number, size: number, run: () => Ended): Tally {
  const tally = { runs, pass: 0, fail: 0, inconclusive: 0, requests: 0, squares: 0, by1: 0, by2: 0, by4: 0 };
  for (let i = 0; i < runs; i++) {
    const { verdict, requests } = run();
    tally[verdict] += 1;
    tally.requests += requests;
    tally.squares += requests ** 2;
    if (verdict === 'inconclusive') continue;
    if (requests <= size) tally.by1 += 1;
    if (requests <= 2 * size) tally.by2 += 1;
    if (requests <= 4 * size) tally.by4 += 1;
  }
  return tally;
}

export function count(tally: Tally | undefined, name: string): number {
  return tally?.[name] ?? 0;
}

function part(tally: Tally | undefined, name: string): number {
  return count(tally, name) / count(tally, 'runs');
}

/** `3.8 % (3.4–4.2)`: with the interval that contains the true rate with 95 %. */
export function percent(tally: Tally | undefined, name: string): string {
  const [k, n] = [count(tally, name), count(tally, 'runs')];
  const [low, high] = [lowerBound(k, n, OUTSIDE), upperBound(k, n, OUTSIDE)];
  const digits = k > 0 && k / n < 0.01 ? 2 : 1;
  return `${short(k / n, digits)} % (${short(low, digits)}–${short(high, digits)})`;
}

/** `97.1 %` */
export function plainPercent(tally: Tally | undefined, name: string): string {
  return `${short(part(tally, name), 1)} %`;
}

function short(fraction: number, digits: number): string {
  return String(Number((100 * fraction).toFixed(digits)));
}

/** Mean requests of a run. */
export function mean(tally: Tally | undefined): number {
  return count(tally, 'requests') / count(tally, 'runs');
}

/** `0.944 ± 0.004`: mean requests ÷ `size`, with its 95 % interval. */
export function ratio(tally: Tally | undefined, size: number): string {
  return `${(mean(tally) / size).toFixed(3)} ± ${((1.96 * standardError(tally)) / size).toFixed(3)}`;
}

function standardError(tally: Tally | undefined): number {
  const runs = count(tally, 'runs');
  return Math.sqrt(Math.max(0, count(tally, 'squares') / runs - mean(tally) ** 2) / runs);
}

/** A verdict, or what else is counted, that at most 5 % of runs may have. */
export function tooOften(what: string, tally: Tally | undefined, verdict: string): string[] {
  const most = ALPHA + ERRORS * Math.sqrt((ALPHA * (1 - ALPHA)) / count(tally, 'runs'));
  return part(tally, verdict) > most ? [`${what}: ${verdict} in ${percent(tally, verdict)}`] : [];
}

/** Mean requests that may be at most `most` times the fixed size. */
export function tooMany(what: string, tally: Tally | undefined, size: number, most: number): string[] {
  return mean(tally) - ERRORS * standardError(tally) > most * size
    ? [`${what}: ${ratio(tally, size)} times the fixed size`]
    : [];
}

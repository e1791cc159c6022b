/** Simulated runs held against the truth, for `npm test` (fixed seeds) and for a night (new ones). */
import { complaints, ejectionsOf, judged } from './fold.js';
import { faultySetup, quietSetup } from './random-setups.js';
import { simulate } from './simulate.js';

export interface Checked {
  readonly runs: number;
  readonly requests: number;
  /** True absences, and those of them that had traffic enough to be found. */
  readonly absences: number;
  readonly enough: number;
  /** What is wrong, with the seed that shows it. */
  readonly wrong: readonly string[];
}

/** Runs with these seeds, each judged with the rules known and without. `quiet`: nothing happens that could be found. */
export function checkSimulated(kind: 'quiet' | 'faulty', firstSeed: number, runs: number): Checked {
  const wrong: string[] = [];
  let requests = 0;
  let absences = 0;
  let enough = 0;
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const run = simulate(kind === 'quiet' ? quietSetup(seed) : faultySetup(seed));
    const truths = judged(run);
    requests += run.requests;
    absences += truths.length;
    enough += truths.filter((truth) => truth.enough).length;
    for (const rules of ['known', 'unknown'] as const) {
      for (const line of complaints(run, ejectionsOf(run, rules))) {
        wrong.push(`${kind} seed ${seed}, rules ${rules}: ${line}`);
      }
    }
  }
  return { runs, requests, absences, enough, wrong };
}

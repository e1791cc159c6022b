/** Results of made-up runs, folded from rows as real ones are, for the tests of reports. */
import type { RunResult } from '../../src/analysis/result.js';
import { RunFold } from '../../src/analysis/run-fold.js';
import type { RunInfo } from '../../src/analysis/run-info.js';
import { BlockMaker, judgePlan, type Row, runInfo, seededRandom } from './blocks.js';

/** Folds rows with `{v1: 90, v2: 10}` to judge, or null for nothing. */
export function resultOf(
  rows: readonly Row[],
  weights: Record<string, number> | null,
  changes: Partial<RunInfo> = {},
): RunResult {
  const maker = new BlockMaker();
  const run = new RunFold(
    maker.context(judgePlan(weights), changes.load?.mode === 'open' ? 'open' : 'closed'),
  );
  run.add(maker.block(rows));
  const measured = rows.filter(({ phase = 'measured' }) => phase === 'measured').length;
  return run.result(runInfo(measured, changes));
}

/**
 * Answers spread over ten seconds, versions drawn at random with the given shares, each with endpoints.
 *
 * @param shares by version
 */
export function answers(n: number, shares: Record<string, number>, seed = 1): Row[] {
  const random = seededRandom(seed);
  return Array.from({ length: n }, (_, i) => {
    let left = random();
    const drawn = Object.entries(shares).find(([, share]) => {
      left -= share;
      return left < 0;
    });
    const version = drawn?.[0] ?? (Object.keys(shares).at(-1) as string);
    const dueUs = (i * 10_000_000) / n;
    const sendUs = dueUs + random() * 40;
    return {
      version,
      endpoint: `10.244.${version.length}.${1 + Math.floor(random() * 3)}`,
      dueUs,
      sendUs,
      endUs: sendUs + 800 + random() ** 6 * 40_000,
    };
  });
}

/** The everyday run: 90/10 kept, a few refusals and failures. */
export function everyday(
  weights: Record<string, number> | null = { 'backend-v1': 90, 'backend-v2': 10 },
): RunResult {
  const shares = { 'backend-v1': 0.9, 'backend-v2': 0.1 };
  return resultOf(
    [
      { phase: 'preflight', version: 'backend-v1' },
      ...answers(8000, shares),
      { version: 'backend-v2', status: 500, dueUs: 5e6 },
      { status: 503, outcome: 'overflow', origin: 'gateway', dueUs: 5e6 },
      { outcome: 'timeout', status: 0, origin: 'unknown', dueUs: 5e6 },
      { outcome: 'refused', status: 0, origin: 'unknown', dueUs: 5e6 },
      { version: 'backend-v1', outcome: 'truncated', dueUs: 5e6 },
    ],
    weights,
  );
}

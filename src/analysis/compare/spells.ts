/**
 * Slow and fast spells: where neighbouring answers are slow together, so many answers tell less of a percentile than as many independent
 * ones. How much less is the design effect (L. Kish, Survey Sampling, 1965, 8.2): by how much the part of the answers that are slower
 * than the median of the run varies from time to time, against draws (docs/statistics.md, "Results compared").
 */
import { sum } from '../../collections.js';
import type { LogHistogram } from '../../log-histogram.js';
import { histogramOf } from './histogram.js';
import type { ComparableRun } from './inputs.js';

/** Fewer parts tell too little of how they vary. */
const MIN_PARTS = 5;
/** Short spells show among many parts, long ones among few: what is largest counts. */
const PARTS: readonly number[] = [40, 20, 10, 5];
/** Medians of the timeline are exact to this part of themselves. */
const MEDIAN_WIDTH = 1 / 64;

/** What is asked of a histogram. */
export type Times = Pick<LogHistogram, 'count' | 'percentile' | 'atRank' | 'forEach'>;

/** A part of the run. */
interface Part {
  answers: number;
  /** Those that are slower than the median of the run. */
  slow: number;
}

/**
 * As how many times as few independent answers the answers of a version count; 1 if nothing shows that it is more.
 *
 * @param version null: all backends together
 */
export function designEffect(run: ComparableRun, version: string | null, times: LogHistogram): number {
  if (version !== null) return effectOf(run, version, times);
  // Spells that all versions share: what is beyond 1 grows with the number of answers.
  const own = run.versions.map(({ version: name, latencyUs }) => effectOf(run, name, histogramOf(latencyUs)));
  return 1 + sum(own.map((effect) => effect - 1));
}

function effectOf({ timeline }: ComparableRun, version: string, times: LogHistogram): number {
  const median = times.percentile(50);
  if (median === null || median === 0) return 1;
  const rows = timeline.filter(({ version: name, p50Us }) => name === version && p50Us !== null);
  // What the width of the timeline's buckets adds.
  const at = (factor: number) => slowerThan(times, median * factor);
  const width = at(1 - MEDIAN_WIDTH) - at(1 + MEDIAN_WIDTH);
  return Math.max(1, ...PARTS.map((most) => effectAmong(partsOf(rows, times, median, most), width)));
}

function effectAmong(parts: readonly Part[], width: number): number {
  if (parts.length < MIN_PARTS) return 1;
  const all = sum(parts.map(({ answers }) => answers));
  const center = sum(parts.map(({ slow }) => slow)) / all;
  const squares = sum(parts.map(({ answers, slow }) => answers * (slow / answers - center) ** 2));
  const expected = 1 / 4 + ((all / parts.length) * width ** 2) / 12;
  return squares / (parts.length - 1) / expected;
}

/**
 * Neighbouring intervals together. Of an interval only its median is known: its times are taken to be spread as those of the run, and
 * longer or shorter by one factor.
 */
function partsOf(rows: ComparableRun['timeline'], times: LogHistogram, median: number, most: number): Part[] {
  const size = Math.ceil(rows.length / most);
  const parts: Part[] = [];
  const known = new Map<number, number>();
  rows.forEach(({ requests, p50Us }, i) => {
    const part = parts[Math.floor(i / size)] ?? { answers: 0, slow: 0 };
    parts[Math.floor(i / size)] = part;
    const own = p50Us ?? median;
    const slow = known.get(own) ?? slowerThan(times, (median * median) / Math.max(1, own));
    known.set(own, slow);
    part.answers += requests;
    part.slow += requests * slow;
  });
  return parts.filter(({ answers }) => answers > 0);
}

/** Which part of the times is longer. */
function slowerThan(times: LogHistogram, us: number): number {
  let above = 0;
  times.forEach((lowUs, count) => {
    if (lowUs > us) above += count;
  });
  return above / times.count;
}

/** The times as so many fewer independent ones: a whole number of them. */
export function thinnedBy(times: LogHistogram, effect: number): Times {
  const count = Math.max(1, Math.floor(times.count / effect));
  if (count >= times.count) return times;
  const each = times.count / count;
  return {
    count,
    percentile: (percent) => times.percentile(percent),
    atRank: (rank) => times.atRank(Math.min(times.count, Math.max(1, Math.round(rank * each)))),
    forEach: (use) => {
      times.forEach((lowUs, n, nextUs) => {
        use(lowUs, n / each, nextUs);
      });
    },
  };
}

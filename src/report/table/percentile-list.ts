/** `--print percentiles`: the times of each version from the shortest to the longest, a column per version. */
import type { RunResult } from '../../analysis/result.js';
import { time } from '../../text/durations.js';
import { count } from '../../text/numbers.js';
import { terminalText } from '../../text/printable.js';
import { type Cell, type Column, fits, grid } from '../layout/grid.js';
import { page, pageColumns } from '../layout/page.js';
import { cut } from '../layout/text.js';
import { percentilesUs } from '../percentiles.js';
import type { TableOptions } from '../table.js';
import { MAX_VERSIONS, more, number, text } from './columns.js';
import { tooFew } from './latency.js';
import { answersShown, type Timed, type TimesShown, timesShown } from './timed.js';

/** From most answers to one in a hundred thousand. */
const PERCENTS: readonly number[] = [10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999];
/** A version's name above its times. */
const MAX_NAME = 18;

/** Names of answers, and their times. */
type Answers = ReturnType<typeof answersShown>;

/**
 * The list, as wide as the terminal; versions that have no room follow below. In an open loop there is one from the due time and one
 * from sending.
 */
export function percentileList(result: RunResult, options: TableOptions): string {
  const columns = pageColumns(options.columns);
  const percents = options.percentiles ?? PERCENTS;
  const answers = answersShown(result, MAX_VERSIONS);
  if (answers.length === 0) return 'No answers: there are no percentiles.\n';
  const grids = timesShown(result).flatMap((times) =>
    besideEachOther(answers, times, percents, columns).map((part) => listOf(part, times, percents, columns)),
  );
  const hidden = result.versions.filter(({ latencyUs }) => latencyUs.count > 0).length - MAX_VERSIONS;
  const hasGaps = answers.some(([, { latencyUs }]) => percentilesUs(latencyUs, percents).includes(null));
  return page([...grids, [...more(hidden, 'versions'), ...(hasGaps ? [tooFew(percents)] : [])]], columns);
}

/** As many as fit, one at least. */
function besideEachOther(
  answers: Answers,
  times: TimesShown,
  percents: readonly number[],
  columns: number,
): Answers[] {
  const parts: Answers[] = [];
  for (const one of answers) {
    const longer = [...(parts.at(-1) ?? []), one];
    if (longer.length > 1 && fits(headsOf(longer, times), rowsOf(longer, times, percents), columns)) {
      parts[parts.length - 1] = longer;
    } else parts.push([one]);
  }
  return parts;
}

function listOf(part: Answers, times: TimesShown, percents: readonly number[], columns: number): string[] {
  return grid(headsOf(part, times), rowsOf(part, times, percents), columns);
}

function headsOf(part: Answers, { head }: TimesShown): Column[] {
  return [{ head, align: 'left' }, ...part.map(([name]) => number(cut(terminalText(name), MAX_NAME)))];
}

function rowsOf(part: Answers, { of }: TimesShown, percents: readonly number[]): Cell[][] {
  const latencies = part.map(([, from]: readonly [string, Timed]) => of(from));
  const figures = latencies.map((latency) => percentilesUs(latency, percents));
  return [
    text('answers', ...latencies.map((latency) => count(latency.count))),
    text('min', ...latencies.map(({ min }) => time(min))),
    ...percents.map((percent, i) =>
      text(`p${percent}`, ...figures.map((values) => time(values[i] as number | null))),
    ),
    text('max', ...latencies.map(({ max }) => time(max))),
  ];
}

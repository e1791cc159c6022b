/** Error rates of each version and of the whole run. */
import type { RunResult } from '../../analysis/result.js';
import { count, deviation, percent, plain } from '../../text/numbers.js';
import { type Cell, grid } from '../layout/grid.js';
import { intervalHead, label, MAX_VERSIONS, more, NARROW, number, text } from './columns.js';

/** Empty when there was no error, and when requests were chosen by what answered them. */
export function errorSection(result: RunResult, columns: number): string[] {
  const { errors, versions } = result;
  if (errors.errors === 0 || errors.errorRate === null) return [];
  const shown = versions.slice(0, MAX_VERSIONS);
  const compared = shown.some(({ errorIncrease }) => errorIncrease !== null);
  const narrow = columns < NARROW;
  const rows = shown.map((version): Cell[] =>
    text(
      version.version,
      count(version.errors),
      percent(version.errorRate),
      interval(version.errorRateInterval),
      ...(compared ? [deviation(version.errorIncrease?.points ?? null), pointsInterval(version)] : []),
    ),
  );
  rows.push(
    text(
      'whole run',
      count(errors.errors),
      percent(errors.errorRate),
      interval(errors.errorRateInterval),
      ...(compared ? ['', ''] : []),
    ),
  );
  const heads = [
    label('Errors'),
    number('errors'),
    number('%'),
    number(intervalHead(result, columns)),
    ...(compared
      ? [
          number(narrow ? 'incr. pt' : 'increase pt'),
          number(`${plain(errors.intervalConfidence * 100)} % interval`),
        ]
      : []),
  ];
  return [...grid(heads, rows, columns), ...more(versions.length - shown.length, 'versions')];
}

function interval(bounds: readonly [number, number] | null): string {
  return bounds === null ? '-' : `${percent(bounds[0])} – ${percent(bounds[1])}`;
}

function pointsInterval({ errorIncrease }: RunResult['versions'][number]): string {
  if (errorIncrease === null) return '-';
  const [low, high] = errorIncrease.interval;
  return `${deviation(low)} – ${deviation(high)}`;
}

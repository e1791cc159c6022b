/** Error rates of each version and of the whole run. */
import type { RunResult } from '../../analysis/result.js';
import { count, percent } from '../../text/numbers.js';
import { type Cell, type GridData, grid } from '../layout/grid.js';
import { intervalHead, label, MAX_VERSIONS, more, number, text } from './columns.js';

/** Empty when there was no error, and when requests were chosen by what answered them. */
export function errorSection(result: RunResult, columns: number): string[] {
  const table = errorTable(result, columns, MAX_VERSIONS);
  if (table === null) return [];
  return [
    ...grid(table.columns, table.rows, columns),
    ...more(result.versions.length - Math.min(result.versions.length, MAX_VERSIONS), 'versions'),
  ];
}

/** Null as {@link errorSection} is empty. */
export function errorTable(result: RunResult, columns: number, max: number): GridData | null {
  const { errors, versions } = result;
  if (errors.errors === 0 || errors.errorRate === null) return null;
  const shown = versions.slice(0, max);
  const rows = shown.map((version): Cell[] =>
    text(
      version.version,
      count(version.errors),
      percent(version.errorRate),
      interval(version.errorRateInterval),
    ),
  );
  rows.push(
    text('whole run', count(errors.errors), percent(errors.errorRate), interval(errors.errorRateInterval)),
  );
  const heads = [label('Errors'), number('errors'), number('%'), number(intervalHead(result, columns))];
  return { columns: heads, rows };
}

function interval(bounds: readonly [number, number] | null): string {
  return bounds === null ? '-' : `${percent(bounds[0])} – ${percent(bounds[1])}`;
}

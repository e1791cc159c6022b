/** Expected and observed shares of each version, with intervals. */
import type { RunResult } from '../../analysis/result.js';
import { count, deviation, percent } from '../../text/numbers.js';
import { type Cell, type GridData, grid, type Paint } from '../layout/grid.js';
import { VERSION_UNKNOWN, VERSION_UNKNOWN_SHORT } from '../terms.js';
import { intervalHead, label, MAX_VERSIONS, more, NARROW, number, text } from './columns.js';

/** Empty when there is no version. */
export function splitSection(result: RunResult, columns: number, paint: Paint): string[] {
  if (result.versions.length === 0) return [];
  const { columns: heads, rows } = splitTable(result, columns, MAX_VERSIONS);
  return [
    ...grid(heads, rows, columns, paint),
    ...more(result.versions.length - Math.min(result.versions.length, MAX_VERSIONS), 'versions'),
  ];
}

/** Without a verdict on shares, expected shares and deviations are left out. */
export function splitTable(result: RunResult, columns: number, max: number): GridData {
  const { split, unattributed } = result;
  const versions = result.versions.slice(0, max);
  const narrow = columns < NARROW;
  const judged = split !== null;
  const pick = <T>(cells: T[]) => (judged ? cells : cells.filter((_, i) => i !== 1 && i !== 4));
  const heads = pick([
    label('Split'),
    number(narrow ? 'exp. %' : 'expected %'),
    number('requests'),
    number('share %'),
    number(narrow ? 'dev. pt' : 'deviation pt'),
    number(intervalHead(result, columns)),
  ]);
  const rows = versions.map((version) => {
    const off =
      Math.abs(version.deviationPoints ?? 0) > (version.tolerancePoints ?? Number.POSITIVE_INFINITY);
    const unexpected = judged && version.expectedShare === null;
    return pick<Cell>([
      { text: version.version },
      { text: percent(version.expectedShare) },
      { text: count(version.requests) },
      { text: percent(version.share) },
      {
        text: unexpected ? 'unexpected' : deviation(version.deviationPoints),
        ...(off || unexpected ? { meaning: 'fail' } : {}),
      },
      {
        text:
          version.shareInterval === null
            ? '-'
            : `${percent(version.shareInterval[0])} – ${percent(version.shareInterval[1])}`,
      },
    ]);
  });
  if (unattributed.requests > 0) {
    const name = narrow ? VERSION_UNKNOWN_SHORT : VERSION_UNKNOWN;
    rows.push(pick(text(name, '', count(unattributed.requests), '', '', '')));
  }
  return { columns: heads, rows };
}

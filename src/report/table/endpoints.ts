/** Which endpoints answered, of each version. */
import type { RunResult } from '../../analysis/result.js';
import { count, tally } from '../../text/numbers.js';
import { grid } from '../layout/grid.js';
import { label, MAX_VERSIONS, number, text } from './columns.js';

/** Endpoints with rows of their own, per version. */
const MAX_ENDPOINTS = 12;

/** Responses of each endpoint. Empty when responses do not name endpoints. */
export function endpointSection({ versions }: RunResult, columns: number): string[] {
  const rows = versions.slice(0, MAX_VERSIONS).flatMap(({ version, endpoints }) => {
    const shown = endpoints.slice(0, MAX_ENDPOINTS);
    const own = shown.map(({ endpoint, requests, statuses }, i) =>
      text(i === 0 ? version : '', endpoint, count(requests), tally(statuses)),
    );
    const hidden = endpoints.length - shown.length;
    return hidden > 0 ? [...own, text('', `and ${count(hidden)} more`, '', '')] : own;
  });
  if (rows.length === 0) return [];
  return grid(
    [
      label('Endpoints'),
      label('endpoint'),
      number('requests'),
      { head: 'statuses', align: 'left', fit: 'wrap' },
    ],
    rows,
    columns,
  );
}

/** What the circuit breakers let through. */
import type { PlanningResult } from '../../analysis/planning/result.js';
import { count } from '../../text/numbers.js';
import { grid } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, limit, MAX_VERSIONS, more, number, text } from '../table/columns.js';
import { LIMITS_CAVEAT } from '../terms.js';

const HEADS = ['connections', 'waiting', 'requests', 'at once', 'over HTTP/2'];

export function breakerSection({ breakers }: PlanningResult, columns: number): string[] {
  const { limits, concurrency, inFlight } = breakers;
  if (limits === null) return [];
  const rows = limits
    .slice(0, MAX_VERSIONS)
    .map((one) =>
      text(
        one.version ?? 'all together',
        ...[
          one.maxConnections,
          one.maxPendingRequests,
          one.maxRequests,
          one.atOnce.http1,
          one.atOnce.http2,
        ].map(limit),
      ),
    );
  if (rows.every((row) => row.slice(1).every(({ text: cell }) => cell === limit(null)))) {
    return paragraph('', ['Circuit breakers: no limits.'], 0, columns);
  }
  const sources = [...new Set(limits.flatMap(({ source }) => source ?? []))];
  const about = [
    sources.length === 0 ? "These are the gateway's defaults." : `From ${sources.join(' and ')}.`,
    LIMITS_CAVEAT,
    ...(concurrency === null
      ? []
      : [
          `If all versions answer equally fast, about ${count(concurrency)} requests in flight at one replica bring the first version to its limits. Versions are drawn at random, so the first refusals come with fewer. This run has ${count(inFlight)} in flight.`,
        ]),
  ];
  return [
    ...grid([label('Circuit breakers'), ...HEADS.map(number)], rows, columns),
    ...more(limits.length - rows.length, 'versions'),
    ...about.flatMap((line) => paragraph('', [line], 0, columns)),
  ];
}

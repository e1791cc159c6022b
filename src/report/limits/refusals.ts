/** Kinds of refusals and failures. */
import { levelOf } from '../../analysis/limits/levels.js';
import type { LimitsResult } from '../../analysis/limits/result.js';
import { sum } from '../../collections.js';
import { count, counted } from '../../text/numbers.js';
import { type Cell, type GridData, grid } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, number } from '../table/columns.js';
import { fullStep } from './find-steps.js';
import { rateNumber } from './words.js';

/** What people know the outcomes by; others go by their names. */
export const REFUSAL_WORDS: Readonly<Record<string, string>> = {
  overflow: 'circuit breaker full',
  'rate-limited': 'rate limit (429)',
  'no-healthy-upstream': 'no healthy upstream',
  'connection-failure': 'the gateway could not connect to a backend',
  'connection-timeout': 'the gateway could not connect in time',
  'connection-termination': 'a backend closed the connection',
  'upstream-timeout': "the gateway's own time-out (504)",
  'gateway-other': 'another reply of the gateway',
  timeout: 'no answer in time (--timeout)',
  refused: 'the gateway refused the connection',
  reset: 'connection reset',
  closed: 'connection closed',
  'no-local-port': 'this machine: no free local port',
  'no-file-descriptor': 'this machine: no free file descriptor',
};

/** Of the whole search, and of the step that shows the versions. Empty where nothing was refused and nothing failed. */
export function refusalSection(result: LimitsResult, columns: number): string[] {
  const { columns: heads, rows } = refusalTable(result);
  if (rows.length === 0) return [];
  return [
    ...grid(heads, rows, columns),
    ...overflowLines(result).flatMap((line) => paragraph('', [line], 0, columns)),
  ];
}

export function refusalTable({ limits, requests }: LimitsResult): GridData {
  const kinds = Object.entries(requests.byKind)
    .filter(([, n]) => n > 0)
    .sort(([, a], [, b]) => b - a);
  const step = fullStep(limits);
  const rows = kinds.map(([kind, n]): Cell[] => [
    { text: kind },
    { text: REFUSAL_WORDS[kind] ?? '' },
    { text: count(n) },
    ...(step === undefined ? [] : [{ text: count(step.refusedByKind[kind] ?? 0) }]),
  ]);
  const columns = [
    label('Not accepted'),
    { head: '', align: 'left', fit: 'wrap' } as const,
    number('in all'),
    ...(step === undefined ? [] : [number(`at ${rateNumber(levelOf(step))}`)]),
  ];
  return { columns, rows };
}

/** The client cannot tell the two overflows apart; the gateway's counters can. */
export function overflowLines({ gateway }: LimitsResult): string[] {
  if (gateway === null) return [];
  const pending = sum(gateway.clusters.map(({ pendingOverflow }) => pendingOverflow));
  const active = sum(gateway.clusters.map(({ activeOverflow }) => activeOverflow ?? 0));
  // Envoy before 1.38 counts both as one.
  const areApart = gateway.clusters.every(({ activeOverflow }) => activeOverflow !== null);
  if (pending + active === 0 || !areApart) return [];
  return [
    `By the gateway's counters, ${counted(pending, 'overflow')} came from a full queue (maxPendingRequests) and ${count(active)} from the limit of requests (maxRequests).`,
  ];
}

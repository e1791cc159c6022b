/** How requests ended: statuses, failures, replies that the gateway made itself. */
import type { RunResult, VersionResult } from '../../analysis/result.js';
import { count, tally } from '../../text/numbers.js';
import { type Cell, type GridData, grid } from '../layout/grid.js';
import { unfinishedTerm, VERSION_UNKNOWN } from '../terms.js';
import { label, MAX_VERSIONS, text } from './columns.js';

/** Statuses and failures of each version, then what has no version. */
export function statusSection(result: RunResult, columns: number): string[] {
  const { columns: heads, rows } = statusTable(result, MAX_VERSIONS);
  return rows.length === 0 ? [] : grid(heads, rows, columns);
}

export function statusTable(result: RunResult, max: number): GridData {
  const { versions, unattributed, failures, requests, gatewayReplies } = result;
  const rows: Cell[][] = versions
    .slice(0, max)
    .map((version) =>
      text(
        version.version,
        [tally(ofBackends(version)), ofGateway(version), broken(version.failures)]
          .filter((part) => part !== '')
          .join(' · ') || '-',
      ),
    );
  const add = (name: string, value: string) => {
    if (value !== '') rows.push(text(name, value));
  };
  if (unattributed.requests > 0) {
    add(VERSION_UNKNOWN, `${tally(unattributed.statuses)} (${tally(unattributed.kinds)})`);
  }
  add('failed', tally(failures));
  add(unfinishedTerm(result), requests.cutOff === 0 ? '' : count(requests.cutOff));
  add("gateway's own", tally(gatewayReplies));
  return { columns: [label('Statuses'), { head: '', align: 'left', fit: 'wrap' }], rows };
}

/** Statuses of backends: what the gateway answered in the version's name is not the version's. */
function ofBackends({ statuses, gatewayReplyStatuses }: VersionResult): Record<string, number> {
  return Object.fromEntries(
    Object.entries(statuses)
      .map(([status, n]): [string, number] => [status, n - (gatewayReplyStatuses[status] ?? 0)])
      .filter(([, n]) => n > 0),
  );
}

function ofGateway({ gatewayReplyKinds }: VersionResult): string {
  const kinds = tally(gatewayReplyKinds);
  return kinds === '' ? '' : `by the gateway: ${kinds}`;
}

function broken(failures: Record<string, number>): string {
  const kinds = tally(failures);
  return kinds === '' ? '' : `broken: ${kinds}`;
}

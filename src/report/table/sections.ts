/** The tables of the terminal report: one function each, lines without trailing spaces. */
import type { LatencyResult, RunResult } from '../../analysis/result.js';
import { count, deviation, percent, tally, time } from '../../text/format.js';
import { type Cell, grid, type Paint } from '../layout/layout.js';
import { label, more, NARROW, number, text } from './columns.js';

/** Versions with rows of their own; `--json` has them all. */
const MAX_VERSIONS = 40;
/** Endpoints with rows of their own, per version. */
const MAX_ENDPOINTS = 12;

/** Addresses with rows of their own; versions named in each. */
const MAX_ADDRESSES = 16;
const MAX_VERSIONS_IN_A_ROW = 8;

/** Expected and observed shares, with intervals. */
export function splitSection(result: RunResult, columns: number, paint: Paint): string[] {
  const { split, unattributed } = result;
  const versions = result.versions.slice(0, MAX_VERSIONS);
  if (versions.length === 0) return [];
  const narrow = columns < NARROW;
  const judged = split !== null;
  const tolerance = split?.tolerancePoints ?? Number.POSITIVE_INFINITY;
  const pick = <T>(cells: T[]) => (judged ? cells : cells.filter((_, i) => i !== 1 && i !== 4));
  const heads = pick([
    label('Split'),
    number(narrow ? 'exp. %' : 'expected %'),
    number('requests'),
    number('share %'),
    number(narrow ? 'dev. pt' : 'deviation pt'),
    number('95 % interval'),
  ]);
  const rows = versions.map((version) => {
    const off = Math.abs(version.deviationPoints ?? 0) > tolerance;
    const unexpected = judged && version.expectedShare === null;
    return pick<Cell>([
      { text: version.version },
      { text: percent(version.expectedShare) },
      { text: count(version.requests) },
      { text: percent(version.share) },
      {
        text: unexpected ? 'unexpected' : deviation(version.deviationPoints),
        ...(off || unexpected ? { paint: (cell: string) => paint('fail', cell) } : {}),
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
    rows.push(pick(text('unattributed', '', count(unattributed.requests), '', '', '')));
  }
  return [...grid(heads, rows, columns), ...more(result.versions.length - versions.length, 'versions')];
}

/** Response times per version; in open loop the service times as well. */
export function latencySections(result: RunResult, columns: number): string[][] {
  if (result.overall.requests === 0) return [];
  const open = result.load.mode === 'open';
  const section = (head: string, of: (from: Timed) => LatencyResult) => {
    const versions = result.versions.filter((version) => of(version).count > 0).slice(0, MAX_VERSIONS);
    const rows = versions.map((version) => latencyRow(version.version, of(version), columns));
    if (versions.length !== 1) rows.push(latencyRow('all answers', of(result.overall), columns));
    const heads = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'].map(number);
    return grid([label(head), ...heads], rows, columns);
  };
  if (!open) return [section('Latency', (from) => from.latencyUs)];
  return [
    section('From due time', (from) => from.latencyUs),
    section('From sending', (from) => from.serviceTimeUs),
  ];
}

interface Timed {
  readonly latencyUs: LatencyResult;
  readonly serviceTimeUs: LatencyResult;
}

function latencyRow(name: string, { percentiles, max }: LatencyResult, columns: number): Cell[] {
  const space = columns < NARROW ? '' : ' ';
  const values = ['50', '90', '95', '99', '99.9'].map((p) => percentiles[p] ?? null);
  return text(name, ...[...values, max].map((us) => time(us, space)));
}

/** Statuses and failures per version, and what had no version. */
export function statusSection(result: RunResult, columns: number): string[] {
  const { versions, unattributed, failures, requests, gatewayReplies } = result;
  const rows: Cell[][] = versions
    .slice(0, MAX_VERSIONS)
    .map((version) =>
      text(
        version.version,
        [tally(version.statuses), broken(version.failures)].filter((part) => part !== '').join(' · ') || '-',
      ),
    );
  const add = (name: string, value: string) => {
    if (value !== '') rows.push(text(name, value));
  };
  if (unattributed.requests > 0) {
    add('unattributed', `${tally(unattributed.statuses)} (${tally(unattributed.kinds)})`);
  }
  add('failed', tally(failures));
  add('cut off', requests.cutOff === 0 ? '' : count(requests.cutOff));
  add("gateway's own", tally(gatewayReplies));
  if (rows.length === 0) return [];
  return grid([label('Statuses'), { head: '', align: 'left', fit: 'wrap' }], rows, columns);
}

function broken(failures: Record<string, number>): string {
  const kinds = tally(failures);
  return kinds === '' ? '' : `broken: ${kinds}`;
}

/** What came from each address, when there are several. */
export function addressSection({ addresses }: RunResult, columns: number): string[] {
  if (addresses.length < 2) return [];
  const rows = addresses.slice(0, MAX_ADDRESSES).map((row) => {
    const attributed = row.requests - row.unattributed;
    const versions = Object.entries(row.versions)
      .slice(0, MAX_VERSIONS_IN_A_ROW)
      .map(([version, n]) => `${version} ${count(n)} (${percent(n / attributed)} %)`);
    const unknown = row.unattributed > 0 ? [`unattributed ${count(row.unattributed)}`] : [];
    const failed = tally(row.failures);
    const parts = [...versions, ...unknown, ...(failed === '' ? [] : [`failed: ${failed}`])];
    return text(row.address, count(row.requests), parts.join(' · '));
  });
  const heads = [
    label('Addresses'),
    number('requests'),
    { head: 'versions', align: 'left', fit: 'wrap' } as const,
  ];
  return [...grid(heads, rows, columns), ...more(addresses.length - rows.length, 'addresses')];
}

/** Which endpoints answered, when responses tell. */
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

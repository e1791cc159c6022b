/** The figures that stand in tables only. */
import type { RunResult } from '../../../analysis/result.js';
import { PERCENTILES } from '../../../analysis/stats/percentile-bounds.js';
import { time, timeInterval } from '../../../text/durations.js';
import { count, deviation, percent, tally } from '../../../text/numbers.js';
import type { GridData } from '../../layout/grid.js';
import { addressTable } from '../../table/addresses.js';
import { label, number, text } from '../../table/columns.js';
import { errorTable } from '../../table/errors.js';
import { hasGap, latencyTable, tooFew } from '../../table/latency.js';
import { splitTable } from '../../table/split.js';
import { statusTable } from '../../table/statuses.js';
import { timesShown } from '../../table/timed.js';
import { html, type Markup, NOTHING } from '../frame/markup.js';
import { type Section, section } from '../frame/section.js';
import { tableMarkup } from '../frame/table.js';
import { splitBars } from './split-bars.js';

/** Rows of versions, endpoints and addresses. */
const MAX_ROWS = 200;
/** As on a wide terminal: nothing is abbreviated. */
const WIDE = 200;

export function splitSection(result: RunResult): Section[] {
  if (result.versions.length === 0) return [];
  return [
    section(
      'split',
      'Split',
      splitBars(result),
      tableMarkup('Shares of the answers that name a version', splitTable(result, WIDE, MAX_ROWS)),
    ),
  ];
}

export function latencySection(result: RunResult): Section[] {
  if (result.overall.requests === 0) return [];
  const tables = timesShown(result).map((times) => ({
    caption: times.head === 'Latency' ? 'Latency: from sending to the end of the answer' : times.head,
    table: latencyTable(result, times, {
      percents: PERCENTILES,
      withMax: true,
      max: MAX_ROWS,
      columns: WIDE,
    }),
  }));
  return [
    section(
      'latency',
      'Latency',
      tables.map(({ caption, table }) => tableMarkup(caption, table)),
      tables.some(({ table }) => hasGap(table)) ? html`<p class="more">${tooFew(PERCENTILES)}</p>` : NOTHING,
      comparisons(result),
    ),
  ];
}

function comparisons({ comparisons: all }: RunResult): Markup {
  const shown = all.filter(({ slower }) => slower !== null);
  if (shown.length === 0) return NOTHING;
  const range = (bounds: readonly [number, number] | undefined, show: (value: number) => string) =>
    bounds === undefined ? '-' : `${show(bounds[0])} – ${show(bounds[1])}`;
  const table: GridData = {
    columns: [
      label('version'),
      { head: 'against', align: 'left' },
      number('slower in % of pairs'),
      number('p50'),
      number('p90'),
      number('p99'),
      number('errors, points'),
    ],
    rows: shown.map(({ version, baseline, slower, latencyUs, errorPoints }) =>
      text(
        version,
        baseline,
        range(slower?.interval, (fraction) => (fraction * 100).toFixed(1)),
        ...['50', '90', '99'].map((p) => {
          const difference = latencyUs[p] ?? null;
          return difference === null ? '-' : timeInterval(difference.interval);
        }),
        range(errorPoints?.interval, deviation),
      ),
    ),
  };
  const confidence = percent(shown[0]?.intervalConfidence ?? null).replace(/\.?0+$/, '');
  return tableMarkup(`Differences from the baseline, as ${confidence} % intervals`, table, MAX_ROWS);
}

export function errorSection(result: RunResult): Section[] {
  const errors = errorTable(result, WIDE, MAX_ROWS);
  const statuses = statusTable(result, MAX_ROWS);
  if (errors === null && statuses.rows.length === 0) return [];
  return [
    section(
      'errors',
      'Answers and errors',
      statuses.rows.length === 0 ? NOTHING : tableMarkup('Statuses and failures', statuses),
      errors === null ? html`<p>No request had an error.</p>` : tableMarkup('Error rates', errors),
    ),
  ];
}

export function placeSection(result: RunResult): Section[] {
  const { addresses, load } = result;
  const endpoints = endpointTable(result);
  const tables = [
    ...(endpoints.rows.length === 0 ? [] : [tableMarkup('Answers of each endpoint', endpoints, MAX_ROWS)]),
    ...(addresses.length < 2
      ? []
      : [tableMarkup('Answers from each address of the gateway', addressTable(addresses), MAX_ROWS)]),
    ...(load.lateness === null
      ? []
      : [tableMarkup('How late this machine sent', latenessTable(load.lateness))]),
  ];
  return tables.length === 0 ? [] : [section('places', 'Endpoints, addresses and lateness', tables)];
}

function endpointTable({ versions }: RunResult): GridData {
  return {
    columns: [
      label('endpoint'),
      { head: 'version', align: 'left' },
      number('answers'),
      { head: 'statuses', align: 'left' },
    ],
    rows: versions.flatMap(({ version, endpoints }) =>
      endpoints.map(({ endpoint, requests, statuses }) =>
        text(endpoint, version, count(requests), tally(statuses)),
      ),
    ),
  };
}

function latenessTable({
  sentLate,
  percentilesUs,
  generatorMeanUs,
  generatorMaxUs,
  waited,
  waitMaxUs,
}: NonNullable<RunResult['load']['lateness']>): GridData {
  const times = Object.entries(percentilesUs ?? {}).map(([p, us]) => text(`p${p}`, time(us)));
  return {
    columns: [label('lateness'), number('')],
    rows: [
      ...times,
      text('mean', time(generatorMeanUs)),
      text('max', time(generatorMaxUs)),
      text('sent more than 1 ms late, a connection being free', count(sentLate)),
      text('waited more than 1 ms for a connection', count(waited)),
      text('longest wait for one', time(waitMaxUs)),
    ],
  };
}

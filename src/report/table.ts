/** The report for people at a terminal: 60 to 200 columns, a verdict first, details below. */
import type { RunResult } from '../analysis/result.js';
import { counted } from '../text/counted.js';
import { count, duration, percent, plain, rate, tally } from '../text/format.js';
import { terminalText } from '../text/safe-text.js';
import { ejectionSections } from './ejections/index.js';
import { brokenRules, ejectedInWords, keptRules } from './ejections/summary.js';
import { cut, type Paint, page, pageColumns, paragraph } from './layout/layout.js';
import {
  addressSection,
  endpointSection,
  latencySections,
  splitSection,
  statusSection,
} from './table/sections.js';

export interface TableOptions {
  /** Width of the terminal; taken as 60 to 200. */
  readonly columns: number;
  readonly color: boolean;
}

/** SGR parameters: bold green, red, yellow. */
const COLORS = { pass: '32', fail: '31', inconclusive: '33' } as const;
/** Addresses named in the target's line. */
const MAX_ADDRESSES = 4;

/** The whole report; every line is at most `columns` wide and the last ends in a newline. */
export function tableReport(result: RunResult, options: TableOptions): string {
  const columns = pageColumns(options.columns);
  const paint: Paint = (meaning, text) =>
    options.color ? `\u001b[1;${COLORS[meaning]}m${text}\u001b[22;39m` : text;
  const sections = [
    summary(result, columns, paint),
    about(result, columns),
    splitSection(result, columns, paint),
    ...latencySections(result, columns),
    statusSection(result, columns),
    ...ejectionSections(result, columns, paint),
    endpointSection(result, columns),
    addressSection(result, columns),
    notes(result, columns),
  ];
  return page(sections, columns);
}

function summary(result: RunResult, columns: number, paint: Paint): string[] {
  const { requests, failures, verdict } = result;
  const word = verdict === null ? '' : `${verdict.toUpperCase()}  `;
  const line = summaryLine(result, columns - word.length);
  const first = verdict === null ? line : `${paint(verdict, word.trim())}  ${line}`;
  const said = [verdictInWords(result), keptRules(result.ejections)].filter((sentence) => sentence !== '');
  const why = said.length === 0 ? [] : paragraph('', said, word.length, columns);
  const kinds =
    requests.failed === 0 ? [] : paragraph('', [`Failed: ${tally(failures)}`], word.length, columns);
  // A verdict on shares must not be read as one on a version that answers with errors.
  const mostly = result.notes.filter(({ code }) => code === 'version-mostly-5xx');
  const errors = [...mostly.map(({ text }) => `But: ${text}`), ...brokenRules(result.ejections)]
    .flatMap((text) => paragraph('', [text], word.length, columns))
    .map((line) => paint('fail', line));
  const ejected = ejectedInWords(result.ejections?.windows ?? []);
  const out = ejected === '' ? [] : paragraph('', [ejected], word.length, columns);
  return [first, ...why, ...errors, ...out, ...kinds];
}

/** Requests, duration, rate and errors; where that is too wide, what the tables say as well is left out. */
function summaryLine(result: RunResult, width: number): string {
  const { requests, unattributed, versions, ended } = result;
  const serverErrors = [unattributed, ...versions].reduce((n, { statuses }) => n + of5xx(statuses), 0);
  const parts = [
    `${counted(requests.scheduled, 'request')} in ${duration(result.durationMs)}`,
    ...(ended === 'completed' ? [] : [ended]),
    requests.failed === 0 ? 'none failed' : `${count(requests.failed)} failed`,
    ...(requests.cutOff === 0 ? [] : [`${count(requests.cutOff)} cut off`]),
    ...(serverErrors === 0 ? [] : [`${count(serverErrors)} × 5xx`]),
    rate(result.requestsPerSecond),
    ...(requests.unattributed === 0 ? [] : [`${count(requests.unattributed)} unattributed`]),
  ];
  while (parts.length > 2 && parts.join(' · ').length > width) parts.pop();
  return cut(parts.join(' · '), width);
}

function of5xx(statuses: Record<string, number>): number {
  return Object.entries(statuses).reduce((n, [status, times]) => (status.startsWith('5') ? n + times : n), 0);
}

/** What the verdict rests on. */
function verdictInWords({ split, checks, requests }: RunResult): string {
  if (split === null) return '';
  if (requests.attributed === 0 && split.verdict === 'inconclusive') return 'No response told its version.';
  const within = `within ± ${plain(split.tolerancePoints)} points`;
  switch (split.verdict) {
    case 'pass':
      return `Every share is shown to lie ${within} of its weight.`;
    case 'fail': {
      const off = checks.filter(({ name, verdict }) => verdict === 'fail' && name.startsWith('split/'));
      const named = off
        .slice(0, 3)
        .map(({ name, figure }) => `${name.replace('split/', '')} ${percent(figure)} %`);
      const rest = off.length > 3 ? ` and ${off.length - 3} more` : '';
      return `The split is not kept ${within}: ${named.join(', ')}${rest}.`;
    }
    case 'inconclusive':
      return split.moreRequests === null
        ? `Not decided ${within}, and more requests alone would not decide it at these shares.`
        : `Not decided ${within}: about ${count(split.moreRequests)} more requests would, if the shares stay.`;
  }
}

function about({ target, load, identifier }: RunResult, columns: number): string[] {
  const version = `${identifier.version} · endpoint: ${identifier.endpoint}`;
  if (load.mode === 'unknown') return aboutImported(target, version, columns);
  const tls =
    target.tlsVerified === null ? 'no TLS' : target.tlsVerified ? 'TLS verified' : 'TLS NOT VERIFIED (-k)';
  const reached = target.addresses.length === 0 ? 'nothing connected' : some(target.addresses);
  const loop =
    load.mode === 'closed'
      ? ['closed loop', connectionsOf(target, load)]
      : [
          'open loop',
          `${rate(load.ratePerSecond ?? 0)} ${load.arrival ?? ''}`.trim(),
          ...(load.maxInFlight === null ? [] : [`at most ${count(load.maxInFlight)} in flight`]),
          ...(target.protocol === 'h2' ? [connectionsOf(target, load)] : []),
        ];
  const indent = 'Version  '.length;
  return [
    ...paragraph(
      'Target',
      [
        `${target.method} ${target.url} at ${reached}`,
        [`Host ${target.host}`, `SNI ${target.sni ?? 'none'}`, protocolName(target.protocol), tls].join(
          ' · ',
        ),
      ],
      indent,
      columns,
    ),
    ...paragraph('Load', [[...loop, counted(load.threads, 'thread')].join(' · ')], indent, columns),
    ...paragraph('Version', [version], indent, columns),
  ];
}

/** What another tool sent: of how it did nothing is known. */
function aboutImported({ method, url }: RunResult['target'], version: string, columns: number): string[] {
  const indent = 'Version  '.length;
  return [
    ...paragraph('Target', [`${method} ${url}`], indent, columns),
    ...paragraph('Load', ['not known: another tool sent it'], indent, columns),
    ...paragraph('Version', [version], indent, columns),
  ];
}

/** The first few of many. */
function some(addresses: readonly string[]): string {
  const shown = addresses.slice(0, MAX_ADDRESSES).join(', ');
  const hidden = addresses.length - MAX_ADDRESSES;
  return hidden > 0 ? `${shown} and ${count(hidden)} more` : shown;
}

function protocolName(protocol: string): string {
  return protocol === 'h2' ? 'HTTP/2' : protocol.toUpperCase();
}

/** `10 connections`, with HTTP/2 `10 connections × 4 streams`. */
function connectionsOf(target: RunResult['target'], { connections, streams }: RunResult['load']): string {
  const line = counted(connections, 'connection');
  return target.protocol === 'h2' ? `${line} × ${counted(streams, 'stream')}` : line;
}

function notes(result: RunResult, columns: number): string[] {
  // What the summary says already is not said again.
  const all = result.notes.filter(({ code }) => code !== 'version-mostly-5xx');
  if (all.length === 0) return [];
  return ['Notes', ...all.flatMap(({ text }) => paragraph('-', [terminalText(text)], 2, columns))];
}

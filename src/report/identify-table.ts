/** The report of `weighbridge identify` for people at a terminal. */
import type { IdentifyResult } from '../probes/preflight/identify-result.js';
import { terminalText } from '../text/printable.js';
import { type Column, grid } from './layout/grid.js';
import { page, pageColumns, paragraph } from './layout/page.js';
import { cut } from './layout/text.js';

export interface IdentifyReportOptions {
  /** Width of the terminal; taken as 60 to 200. */
  readonly columns: number;
  readonly color: boolean;
}

const HOW =
  "Say where it is. For a text, write a regular expression with a group around the version: --version-from 'body:/version (\\S+)/'. " +
  'A header is header:NAME, a value of JSON json:/POINTER.';

const COLUMNS: readonly Column[] = [
  { head: '', align: 'left' },
  { head: 'Flag', align: 'left', fit: 'wrap' },
  { head: 'Version', align: 'left', fit: 'cut' },
  { head: 'Endpoint', align: 'left', fit: 'cut' },
];

/** Every line is at most `columns` wide and the last ends in a newline. */
export function identifyReport(result: IdentifyResult, options: IdentifyReportOptions): string {
  const columns = pageColumns(options.columns);
  const sections = [
    answer(result, columns),
    ['Body', ...result.body.split('\n').map((line) => cut(`  ${terminalText(line)}`, columns))],
    identifiers(result, columns, options.color),
    remarks(result, columns),
  ];
  return page(sections, columns);
}

function answer({ method, url, address, status, problem }: IdentifyResult, columns: number): string[] {
  return [
    ...paragraph('', [`${method} ${url} at ${address} answered ${status}.`], 0, columns),
    ...(problem === null ? [] : paragraph('', problem.split('\n'), 0, columns)),
  ];
}

function identifiers(result: IdentifyResult, columns: number, color: boolean): string[] {
  if (result.identifiers.length === 0) return [];
  const rows = result.identifiers.map(({ flags, version, endpoint, detected }) =>
    [detected ? '*' : '', flags.map(shellWord).join(' '), version ?? '-', endpoint ?? '-'].map((text) => ({
      text,
      ...(detected && color ? { paint: bold } : {}),
    })),
  );
  return grid(COLUMNS, rows, columns);
}

function remarks({ detected, identifiers: all, status, problem }: IdentifyResult, columns: number): string[] {
  const items: string[] = [];
  if (detected !== null) items.push(`* is what a run uses by default, because ${detected.why}.`);
  else if (all.length > 0) {
    const only = status >= 200 && status <= 299 ? '' : ' from an answer with this status';
    items.push(`A run chooses none of these by itself${only}: give it a flag.`);
  }
  if (problem === null && !all.some(({ version }) => version !== null))
    items.push(`Nothing here is known to tell a version. ${HOW}`);
  for (const warning of new Set(all.map((one) => one.warning).filter((text) => text !== null))) {
    const by = all.filter((one) => one.warning === warning).map(({ flags }) => flags[1]);
    items.push(`${by.join(', ')}: ${warning}.`);
  }
  return items.flatMap((item) => paragraph('', [item], 0, columns));
}

function bold(text: string): string {
  return `\u001b[1m${text}\u001b[22m`;
}

/** A word as a shell reads it. */
function shellWord(word: string): string {
  return /^[\w.:/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

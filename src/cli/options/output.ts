/** The options for outputs. They are made from the registries of reports and of sample formats. */
import { join } from 'node:path';
import { PERCENTILES } from '../../analysis/stats/percentile-bounds.js';
import { UserError } from '../../errors.js';
import type { Printed, Report, Reports } from '../../report/index.js';
import { SAMPLE_FORMATS, type SampleFormat } from '../../saved/sinks/formats.js';
import { safeText } from '../../text/printable.js';
import { type Destination, STDOUT } from '../outputs/destinations.js';
import { type Flag, type FlagSet, type Flags, on, one, readList, toggle, value } from './flags.js';

/** Opened by such a name, a file behind standard output would be written from its beginning, over what is there. */
const STDOUT_NAMES = ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'];
const TO_FILE = 'to a file, or - for standard output';

/** What the names of files after a version stand for. */
const PER_VERSION = "; each version's own to FILE-VERSION beside it";

function flagsOf<T extends { readonly flag: string | null; readonly common: boolean }>(
  entries: readonly T[],
  describe: (entry: T) => string,
): Record<string, Flag> {
  return Object.fromEntries(
    entries.flatMap((entry) =>
      entry.flag === null ? [] : [[entry.flag, value(describe(entry), { common: entry.common })]],
    ),
  );
}

/** Options of a command with these reports. */
export function reportFlags({ files, printed }: Reports<never>): FlagSet {
  const inFolder = files.flatMap(({ csvFile }) => (csvFile === null ? [] : [csvFile]));
  return {
    ...flagsOf(
      files,
      ({ holds, perVersion }) => `write ${holds} ${TO_FILE}${perVersion === undefined ? '' : PER_VERSION}`,
    ),
    ...(inFolder.length === 0
      ? {}
      : { 'csv-dir': value(`write CSV files into this folder: ${inFolder.join(', ')}`) }),
    ...(printed === undefined ? {} : { print: value(`print below the table: ${wordsOf(printed)}`) }),
  };
}

/** `percentiles (times of each version)` */
function wordsOf(printed: NonNullable<Reports<never>['printed']>): string {
  return Object.entries(printed)
    .map(([name, { holds }]) => `${name} (${holds})`)
    .join(', ');
}

/** Options of `run` alone: samples are written during the run. */
export const SAMPLE_FLAGS: FlagSet = flagsOf(SAMPLE_FORMATS, ({ describe }) => `${describe} ${TO_FILE}`);

export const QUIET = { quiet: toggle('no table and no progress') };
export const LIVE_VIEW = {
  'no-tui': toggle('no live view on the terminal: one line, as where it is no terminal'),
};
export const EXPLAIN = {
  explain: toggle('say what the report took from where: rules, policies, headers', { common: true }),
};
/** How times are shown in the table. */
export const TIMES: FlagSet = {
  percentiles: value('percentiles of times in the table, as 50,75,90,99,99.9', {
    defaultDescription: PERCENTILES.join(','),
  }),
  'no-histogram': toggle('no histogram of times in the table'),
};
export const NO_COLOR = { 'no-color': toggle('no colour (as the environment variable NO_COLOR)') };

export interface ReportDestination<Result> extends Destination {
  readonly report: Report<Result>;
}

export interface SampleDestination extends Destination {
  readonly format: SampleFormat;
}

export interface OutputOptions<Result> {
  readonly table: Reports<Result>['table'];
  /** What is printed below it. */
  readonly printed: readonly Printed<Result>[];
  /** Those of `--csv-dir` included. */
  readonly reports: readonly ReportDestination<Result>[];
  /** A folder, which may not exist yet. */
  readonly csvDir: string | undefined;
  readonly samples: readonly SampleDestination[];
  readonly quiet: boolean;
  /** The run may be shown as it goes on. */
  readonly tui: boolean;
  readonly color: boolean;
  /** The table says how expectations were derived. */
  readonly explain: boolean;
  readonly histogram: boolean;
  readonly percentiles: readonly number[] | undefined;
}

/**
 * @param reports those of the command
 * @throws UserError naming the flag
 */
export function parseOutput<Result>(flags: Flags, of: Reports<Result>): OutputOptions<Result> {
  const { table, files, printed = {} } = of;
  const csvDir = parseFolder(flags, 'csv-dir');
  const reports = [
    ...files.flatMap((report) => destinationsOf(flags, report.flag).map((to) => ({ ...to, report }))),
    ...(csvDir === undefined ? [] : reportsIn(csvDir, files)),
  ];
  const samples = SAMPLE_FORMATS.flatMap((format) =>
    destinationsOf(flags, format.flag).map((to) => ({ ...to, format })),
  );
  return {
    table,
    printed: parsePrint(flags, printed),
    reports,
    csvDir,
    samples,
    quiet: on(flags, 'quiet'),
    tui: !on(flags, 'no-tui'),
    color: parseColor(flags),
    explain: on(flags, 'explain'),
    histogram: !on(flags, 'no-histogram'),
    percentiles: parsePercentiles(one(flags, 'percentiles')),
  };
}

/** Everything that is written. */
export function destinationsIn({ reports, samples, printed }: OutputOptions<never>): readonly Destination[] {
  const print = printed.length === 0 ? [] : [{ flag: 'print', file: STDOUT }];
  return [...reports.map(({ report, ...to }) => withVersions(to, report)), ...samples, ...print];
}

function withVersions(to: Destination, { perVersion }: Report<never>): Destination {
  return perVersion === undefined ? to : { ...to, perVersion: true };
}

/** Each once, in the order in which they are given. */
function parsePrint<Result>(
  flags: Flags,
  printed: Readonly<Record<string, Printed<Result>>>,
): readonly Printed<Result>[] {
  const names = readList(flags, 'print', (items) => [...new Set(items)]) ?? [];
  return names.map((name) => {
    const found = Object.hasOwn(printed, name) ? printed[name] : undefined;
    if (found !== undefined) return found;
    const known = Object.keys(printed).join(', ');
    throw new UserError(`--print: there is no '${safeText(name)}' to print; there is: ${known}.`);
  });
}

/** False: `--no-color` was given. */
export function parseColor(flags: Flags): boolean {
  return !on(flags, 'no-color');
}

/** None or one. */
function destinationsOf(flags: Flags, flag: string | null): Destination[] {
  const file = flag === null ? undefined : one(flags, flag);
  if (flag === null || file === undefined) return [];
  if (file === '') throw new UserError(`--${flag}: give a file name, or - for standard output.`);
  return [{ flag, file: STDOUT_NAMES.includes(file) ? STDOUT : file }];
}

/** At most so many percentiles: a table has to be read. */
const MAX_PERCENTILES = 15;

/** Rising order is not asked for: the table has them as they are given. */
function parsePercentiles(given: string | undefined): readonly number[] | undefined {
  if (given === undefined) return undefined;
  const words = given.split(',');
  const isPercentile = (word: string) => /^\d{1,2}(\.\d{1,3})?$/.test(word) && Number(word) > 0;
  const wrong = words.find((word) => !isPercentile(word));
  if (wrong !== undefined) {
    throw new UserError(
      `--percentiles: '${safeText(wrong)}' is no percentile above 0 and below 100 with at most three decimals; give a list as 50,90,99.9.`,
    );
  }
  if (words.length > MAX_PERCENTILES) {
    throw new UserError(`--percentiles: ${words.length} percentiles; at most ${MAX_PERCENTILES} are shown.`);
  }
  return [...new Set(words.map(Number))];
}

/** A folder for several files. */
export function parseFolder(flags: Flags, flag: string): string | undefined {
  const folder = one(flags, flag);
  if (folder === '' || folder === STDOUT) {
    throw new UserError(`--${flag}: give a folder; several files are written into it.`);
  }
  return folder;
}

function reportsIn<Result>(folder: string, files: readonly Report<Result>[]): ReportDestination<Result>[] {
  return files.flatMap((report) =>
    report.csvFile === null ? [] : [{ flag: 'csv-dir', file: join(folder, report.csvFile), report }],
  );
}

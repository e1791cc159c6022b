/** Every CSV file, opened by programs that others use: python's csv, pandas and LibreOffice. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LimitsResult } from '../../../src/analysis/limits/result.js';
import type { RunResult } from '../../../src/analysis/result.js';
import { PHASE, type SampleBlock } from '../../../src/blocks/sample-block.js';
import { sum } from '../../../src/collections.js';
import { packageRoot } from '../../../src/io/package-root.js';
import { LIMITS_REPORTS, type Reports, RUN_REPORTS } from '../../../src/report/index.js';
import { CsvEncoder } from '../../../src/saved/sinks/csv-encoder.js';
import type { Row } from '../../support/blocks.js';
import { triggerOf, windowOf, withEjections } from '../../support/ejections.js';
import { foundKnee } from '../../support/limits-results.js';
import { hasPython, python } from '../../support/python.js';
import { answers, everyday, resultOf } from '../../support/results.js';
import { folderFor, MadeUpRun } from '../../support/saved.js';

interface Opened {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly shape: readonly [rows: number, columns: number];
  readonly kinds: Readonly<Record<string, 'empty' | 'bool' | 'whole' | 'number' | 'text'>>;
  readonly sums: Readonly<Record<string, number>>;
}

/** Columns that docs/csv.md says are text. */
const TEXT = (() => {
  const table = section('### Text and numbers');
  const cells = [...table.matchAll(/^\| (`.*?) \| /gm)].map(([, cell]) => cell as string);
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name as string)));
})();
/** Columns of counts, and of times that each row has. */
const WHOLE =
  /^(requests|count|errors|failed|gateway_replies|unattributed|status_.xx|.*_count|from_us|to_us)$/;

function section(heading: string): string {
  const text = readFileSync(join(packageRoot(), 'docs', 'csv.md'), 'utf8');
  return text.slice(text.indexOf(heading)).split('\n## ')[0] as string;
}

/** Writes the files of `--csv-dir`. */
async function write<Result>(folder: string, result: Result, { files }: Reports<Result>): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const written: string[] = [];
  for (const { csvFile, render } of files) {
    if (csvFile === null) continue;
    written.push(join(folder, csvFile));
    writeFileSync(join(folder, csvFile), await render(result));
  }
  return written;
}

/** Opens them by Python, and checks what holds for each file. */
function open(files: readonly string[], folder: string): Record<string, Opened> {
  const program = join(packageRoot(), 'test', 'fixtures', 'csv', 'read.py');
  const { status, stdout, stderr } = python([program, ...files], folder);
  assert.equal(status, 0, stderr);
  const opened = Object.entries(JSON.parse(stdout) as Record<string, Opened>);
  for (const [file, { head, rows, shape, kinds }] of opened) {
    assert.deepEqual(shape, [rows.length, head.length], file);
    assert.equal(new Set(head).size, head.length);
    for (const row of rows) {
      assert.equal(row.length, head.length, file);
      const own = row.filter((cell, i) => cell !== '' && !/^(run_.*|row|version)$/.test(head[i] as string));
      assert.ok(own.length > 0, `${file}: ${row}`);
    }
    if (rows.length === 0 || basename(file) === 'samples.csv') continue;
    for (const [name, kind] of Object.entries(kinds)) {
      const where = `${file}: ${name}`;
      if (!TEXT.has(name)) assert.match(kind, /^(whole|number|empty)$/, where);
      if (WHOLE.test(name) && basename(file) !== 'limits.csv') assert.equal(kind, 'whole', where);
    }
  }
  return Object.fromEntries(opened.map(([file, one]) => [basename(file, '.csv'), one]));
}

/** Rows by the names of columns. */
function records({ head, rows }: Opened): Record<string, string>[] {
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head[i] as string, cell])));
}

function withWindows(): RunResult {
  const windows = [
    windowOf({ trigger: triggerOf({ statuses: { 500: 117, 503: 1 }, inFlight: 2 }) }),
    windowOf({
      endpoint: 'pod-2',
      startMs: null,
      startBoundsMs: [null, 31.25],
      trigger: null,
      verdict: null,
    }),
  ];
  return { ...everyday(), ejections: withEjections({ windows }).ejections };
}

test('python: every file of --csv-dir has the rows and sums of the JSON, and numbers where they should be', async (t) => {
  if (!hasPython(t)) return;
  const folder = folderFor(t);
  const result = withWindows();
  const { versions, timeline, endpoints, errors, histogram, ejections } = open(
    await write(folder, result, RUN_REPORTS),
    folder,
  );
  assert.deepEqual(
    [versions?.shape[0], timeline?.shape[0], ejections?.shape[0]],
    [result.versions.length + 1, result.timeline.length, 2],
  );
  assert.ok(versions && timeline && endpoints && errors && histogram);
  const answered = result.overall.requests;
  assert.equal(versions.sums['requests'], sum(result.versions.map(({ requests }) => requests)) + answered);
  assert.equal(timeline.sums['requests'], answered);
  assert.equal(timeline.sums['status_5xx'], 2);
  const listed = result.versions.flatMap(({ endpoints }) => endpoints);
  assert.equal(endpoints.shape[0], listed.length);
  assert.equal(endpoints.sums['requests'], sum(listed.map(({ requests }) => requests)));
  const ofAll = records(errors).filter(({ row }) => row === 'all');
  assert.equal(sum(ofAll.map(({ requests }) => Number(requests))), result.errors.errors);
  const timed = result.versions.map(({ latencyUs, serviceTimeUs }) => latencyUs.count + serviceTimeUs.count);
  assert.equal(histogram.sums['count'], sum(timed));
  for (const file of [versions, timeline, endpoints, errors, histogram]) {
    assert.ok(records(file).every(({ run_verdict: verdict }) => verdict === result.verdict));
  }
});

test('python: limits.csv, and files without rows', async (t) => {
  if (!hasPython(t)) return;
  const folder = folderFor(t);
  const result: LimitsResult = foundKnee();
  const { steps } = result.limits;
  const opened = open(await write(folder, result, LIMITS_REPORTS), folder)['limits'];
  assert.equal(opened?.shape[0], sum(steps.map(({ versions }) => versions.length + 1)));
  assert.equal(opened?.sums['requests'], sum(steps.map(({ requests }) => requests)));
  assert.equal(opened?.sums['accepted'], 2 * sum(steps.map(({ accepted }) => accepted)));
  const empty = open(await write(join(folder, 'empty'), resultOf([], null), RUN_REPORTS), folder);
  assert.deepEqual(
    Object.values(empty).map(({ shape }) => shape[0]),
    [1, 0, 0, 0, 0, 0],
    'the row of the whole run',
  );
});

/** Labels and their cells by docs/csv.md; no more than versions that have rows of their own in the timeline. */
type Labels = readonly (readonly [label: string, cell: string])[];
const HOSTILE: Labels = [
  ['a,b', 'a,b'],
  ['say "hi"', 'say "hi"'],
  ['"', '"'],
  [',', ','],
  ['two\nlines', 'two lines'],
  ['two\r\nlines', 'two lines'],
  ['=1+1', "'=1+1"],
  ['-2+3', "'-2+3"],
  ['@SUM(1+1)', "'@SUM(1+1)"],
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ['\u202elive', '\ufffdlive'],
  ['<b>', '<b>'],
  ['ünïcode 版本', 'ünïcode 版本'],
  [' spaces ', ' spaces '],
];
/** What a program that guesses takes for something else. */
const AMBIGUOUS: Labels = ['1.10', '007', '1E5', 'null', 'NA', 'TRUE', '1/2', 'v1'].map((label) => [
  label,
  label,
]);

function labelled(labels: Labels): RunResult {
  const rows = labels.flatMap(([label], i): Row[] =>
    answers(20 + i, { [label]: 1 }).map((row) => ({ ...row, version: label, endpoint: label })),
  );
  return resultOf([...rows, { version: labels[0]?.[0] as string, status: 500 }], null);
}

test('python: labels come back as docs/csv.md says', async (t) => {
  if (!hasPython(t)) return;
  const folder = folderFor(t);
  const files = open(await write(folder, labelled(HOSTILE), RUN_REPORTS), folder);
  const cells = HOSTILE.map(([, cell]) => cell).sort();
  for (const name of ['versions', 'timeline', 'endpoints', 'histogram']) {
    const found = records(files[name] as Opened).map(({ version }) => version as string);
    assert.deepEqual([...new Set(found)].filter((version) => version !== '(all)').sort(), [
      ...new Set(cells),
    ]);
  }
  const endpoints = records(files['endpoints'] as Opened).map(({ endpoint }) => endpoint);
  assert.deepEqual(endpoints.sort(), [...cells].sort());
  assert.equal(records(files['errors'] as Opened)[0]?.['version'], 'a,b');
});

test('python: the rows of --samples, with labels that need quotes, and rows before the load', async (t) => {
  if (!hasPython(t)) return;
  const folder = folderFor(t);
  const made = new MadeUpRun(11);
  const labels = HOSTILE.map(([label]) => label);
  const blocks = [made.block(400, labels, labels), made.block(1, labels)];
  const before = blocks[1] as SampleBlock;
  before.phase[0] = PHASE.preflight;
  const encoder = new CsvEncoder();
  const bytes = [encoder.begin(made.header), ...blocks.map((block) => encoder.rows(block))];
  writeFileSync(join(folder, 'samples.csv'), Buffer.concat(bytes));
  const file = open([join(folder, 'samples.csv')], folder)['samples'] as Opened;
  const rows = records(file);
  assert.equal(rows.length, 401);
  assert.deepEqual(
    ['status', 'connection', 'worker', 'sequence', 'bytes'].map((name) => file.kinds[name]),
    Array(5).fill('whole'),
  );
  assert.equal(file.sums['status'], sum([...(blocks[0] as SampleBlock).status.subarray(0, 400)]));
  const cells = new Set(HOSTILE.map(([, cell]) => cell));
  for (const { version = '', endpoint = '' } of rows) {
    assert.ok(
      [version, endpoint].every((cell) => cell === '' || cells.has(cell)),
      `${version} ${endpoint}`,
    );
  }
  const { phase, status, outcome } = rows.at(-1) as Record<string, string>;
  assert.deepEqual([phase, status, outcome], ['preflight', '0', ''], 'no answer with status 0');
});

test('python: the program of docs/csv.md reads names as they are', async (t) => {
  if (!hasPython(t)) return;
  const folder = folderFor(t);
  const result = labelled(AMBIGUOUS);
  await write(folder, result, RUN_REPORTS);
  const [, program] = /^```python\n(.*?)^```$/ms.exec(section('### Text and numbers')) ?? [];
  const ending =
    "import json\nprint(json.dumps([sorted(shares.columns), sorted(read('versions.csv')['version']), float(timeline['requests'].sum())]))";
  const { status, stdout, stderr } = python(['-c', `${program}\n${ending}`], folder);
  assert.equal(status, 0, stderr);
  const cells = AMBIGUOUS.map(([, cell]) => cell);
  const [columns, versions, requests] = JSON.parse(stdout);
  assert.deepEqual(columns.sort(), [...cells].sort());
  assert.deepEqual(versions.sort(), [...cells, '(all)'].sort());
  assert.equal(requests, result.overall.requests);
});

/** Cells of a spreadsheet in LibreOffice's own format, by row: a type, and what is in the cell. */
function sheetOf(xml: string): { readonly type: string; readonly text: string }[][] {
  const rows = [
    ...xml.slice(xml.indexOf('<table:table ')).matchAll(/<table:table-row[^>]*>(.*?)<\/table:table-row>/gs),
  ];
  return rows.map(([, row]) =>
    [...(row as string).matchAll(/<table:table-cell([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gs)].flatMap(
      ([, attributes = '', content = '']) => {
        const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1];
        assert.equal(attribute('table:formula'), undefined, attributes);
        const type = attribute('office:value-type') ?? 'empty';
        const plain = content
          .replace(/<text:s\/>/g, ' ')
          .replace(/<[^>]*>/g, '')
          .trim();
        const text = plain
          .replace(/&lt;/g, '<')
          .replace(/&gt;/g, '>')
          .replace(/&quot;/g, '"')
          .replace(/&apos;/g, "'")
          .replace(/&amp;/g, '&');
        const times = Number(attribute('table:number-columns-repeated') ?? 1);
        return Array.from({ length: Math.min(times, 200) }, () => ({ type, text }));
      },
    ),
  );
}

/** True if there is a LibreOffice. Otherwise the test is skipped: no test of this program alone depends on it. */
function hasLibreOffice(t: TestContext): boolean {
  if (spawnSync('soffice', ['--version']).status === 0) return true;
  t.skip('no LibreOffice');
  return false;
}

test('LibreOffice: numbers are numbers, and no label is a formula', async (t) => {
  if (!hasLibreOffice(t)) return;
  const folder = folderFor(t);
  const files = [
    ...(await write(
      join(folder, 'run'),
      { ...labelled(HOSTILE), ejections: withWindows().ejections },
      RUN_REPORTS,
    )),
    ...(await write(join(folder, 'limits'), foundKnee(), LIMITS_REPORTS)),
  ];
  // With a profile of its own: another LibreOffice that runs would take the files over.
  const words = [
    `-env:UserInstallation=file://${join(folder, 'profile')}`,
    '--headless',
    '--convert-to',
    'fods',
    // Separated by commas, quotation marks, UTF-8, from the first line.
    '--infilter=CSV:44,34,76,1',
  ];
  const end = spawnSync('soffice', [...words, '--outdir', folder, ...files], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  assert.equal(end.status, 0, end.stderr);
  for (const file of files) {
    const name = basename(file, '.csv');
    const [head = [], ...rows] = sheetOf(readFileSync(join(folder, `${name}.fods`), 'utf8'));
    assert.ok(rows.length > 0, name);
    const columns = head.map(({ text }) => text);
    for (const row of rows) {
      for (const [i, { type, text }] of row.entries()) {
        const column = columns[i] as string;
        if (!TEXT.has(column)) assert.match(type, /^(float|empty)$/, `${name}: ${column} ${text}`);
      }
    }
    const places = columns.indexOf('version');
    if (name === 'endpoints') {
      const found = new Set(rows.map((row) => row[places]?.text));
      for (const [, cell] of HOSTILE) assert.ok(found.has(cell.trim()), `${cell} in ${[...found]}`);
    }
  }
});

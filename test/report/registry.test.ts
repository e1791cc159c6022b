/** What holds for every report that there is: the registry says which. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import stringWidth from 'string-width';
import type { Comparable } from '../../src/analysis/compare/inputs.js';
import type { RunResult } from '../../src/analysis/result.js';
import { analyze } from '../../src/analyze.js';
import { compare } from '../../src/compare.js';
import { COMPARE_REPORTS, LIMITS_REPORTS, type Reports, RUN_REPORTS } from '../../src/report/index.js';
import { openRun } from '../../src/saved/open.js';
import type { Row } from '../support/blocks.js';
import { ejected } from '../support/ejections.js';
import { foundByRate, foundKnee, noRefusals } from '../support/limits-results.js';
import { readResult } from '../support/result-schema.js';
import { answers, everyday, resultOf } from '../support/results.js';
import { encoded, endOf, folderFor, MadeUpRun } from '../support/saved.js';

/** Controls but line ends, bidirectional controls, and what has no width. */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
/** What a program prints that has no figure and does not know it. */
const NO_FIGURE = /\b(NaN|undefined)\b|\[object |(?<![\w.])-?Infinity\b/;
const WIDTHS = [60, 80, 200];

/** Every text that a command writes of a result, by what it is. */
async function texts<Result>(
  result: Result,
  { table, files, printed = {} }: Reports<Result>,
  widths: readonly number[] = WIDTHS,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const columns of widths) {
    const options = { columns, color: false, explain: true };
    found.set(`table of ${columns}`, await table(result, options));
    for (const [name, { render }] of Object.entries(printed)) {
      found.set(`--print ${name} of ${columns}`, await render(result, options));
    }
  }
  for (const { flag, csvFile, render, perVersion } of files) {
    found.set(flag ?? (csvFile as string), await render(result));
    for (const { text } of (await perVersion?.(result)) ?? [])
      found.set(`${flag} of a version ${found.size}`, text);
  }
  return found;
}

/** Every text, after checking what holds for all of them. */
async function checked<Result>(
  result: Result,
  reports: Reports<Result>,
  widths?: readonly number[],
): Promise<ReadonlyMap<string, string>> {
  const found = await texts(result, reports, widths);
  for (const [what, text] of found) {
    assert.doesNotMatch(text, OBEYED, what);
    if (what !== 'html') assert.doesNotMatch(text, NO_FIGURE, what);
    assert.ok(text.endsWith('\n'), `${what} ends in a line end`);
    const columns = / of (\d+)$/.exec(what)?.[1];
    if (!/^(table|--print) /.test(what)) continue;
    for (const line of text.split('\n')) assert.ok(stringWidth(line) <= Number(columns), `${what}: ${line}`);
  }
  return found;
}

/** A run of this length, with one slow answer and one 500 in it. */
function lasting(lengthUs: number): RunResult {
  const n = 4000;
  return resultOf(
    Array.from({ length: n }, (_, i): Row => {
      const sendUs = Math.floor((i * lengthUs) / n);
      const [endUs, status] = [sendUs + (i === 2500 ? 1_234_567 : 800), i === 1000 ? 500 : 200];
      return {
        version: i % 10 === 0 ? 'v2' : 'v1',
        endpoint: `pod-${i % 7}`,
        dueUs: sendUs,
        sendUs,
        endUs,
        status,
      };
    }),
    { v1: 90, v2: 10 },
  );
}

const HOUR_US = 3_600_000_000;
const RUNS: Readonly<Record<string, RunResult>> = {
  everyday: everyday(),
  'nothing was sent': resultOf([], null),
  'nothing was sent, and versions are expected': resultOf([], { v1: 90, v2: 10 }),
  'nothing was answered': resultOf(Array(20).fill({ outcome: 'timeout', status: 0, origin: 'unknown' }), {
    v1: 1,
  }),
  'one answer': resultOf([{ version: 'v1' }], { v1: 1 }),
  ejections: ejected(),
  'a run of 3 s': lasting(3_000_000),
  'a run of 24 h': lasting(24 * HOUR_US),
};

for (const [name, result] of Object.entries(RUNS)) {
  test(`every report: ${name}`, async () => {
    await checked(result, RUN_REPORTS);
  });
}

test('every report of a search: found, found by rate, no step', async () => {
  for (const result of [foundKnee(), foundByRate(), noRefusals({ steps: [] })])
    await checked(result, LIMITS_REPORTS);
});

test('every report of a comparison: a result with itself, one without requests, and one of a search', async () => {
  const search = foundKnee();
  for (const results of [
    [everyday(), everyday()],
    [everyday(), resultOf([], null)],
    [hostile(), hostile()],
    [search, search],
  ]) {
    const names = results.map((_, i) => `${i}\u001b[31m.json`);
    await checked(compare(results as Comparable[], { names }), COMPARE_REPORTS);
  }
});

test('a run of 24 h takes no more room than one of an hour, and its slow answer and its error are in it', async () => {
  const [hour, day] = await Promise.all([
    texts(lasting(HOUR_US), RUN_REPORTS),
    texts(RUNS['a run of 24 h'] as RunResult, RUN_REPORTS),
  ]);
  for (const [what, text] of day) assert.ok(text.length < 2 * (hour.get(what) as string).length + 1000, what);
  assert.match(day.get('timeline.csv') as string, /,1234567,/);
  assert.match(day.get('timeline.csv') as string, /500=1/);
});

const LABELS: readonly string[] = [
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)',
  '-2+3',
  '\t=1+1',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</script><!--',
  'two\r\nlines\n#[Max = 0]',
  '\u202elive\u202c\u2066',
  'zero\u200bwidth',
  'a "quoted", and, cut',
  '__proto__',
  '{{constructor}}',
];

function hostile(): RunResult {
  const rows = LABELS.flatMap((label): Row[] =>
    answers(40, { [label]: 1 }).map((row) => ({ ...row, version: label, endpoint: label, address: label })),
  );
  return resultOf([...rows, { version: LABELS[0] as string, status: 503 }], null);
}

test('every report: labels with markup, escape sequences, formulas, line ends and right-to-left marks', async () => {
  const result = hostile();
  const found = await checked(result, RUN_REPORTS);
  const json = readResult(found.get('json') as string);
  assert.deepEqual(
    json.versions.map(({ labels }) => labels[0]).sort(),
    [...LABELS].sort(),
    'JSON has them as they came',
  );
  for (const [what, text] of found) {
    if (what === 'html') assert.doesNotMatch(text, /<script>alert|<img src=x|<!--/, what);
    if (!what.endsWith('csv')) continue;
    const cells = [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\n]*))/gm)].map(
      ([, a, b]) => a ?? b ?? '',
    );
    assert.deepEqual(
      cells.filter((cell) => /^\s*[=+\-@]/.test(cell) && Number.isNaN(Number(cell))),
      [],
      what,
    );
  }
});

test('every report: 64 versions, 10,000 endpoints', async () => {
  const rows = Array.from(
    { length: 40_000 },
    (_, i): Row => ({
      version: `v${i % 64}`,
      endpoint: `10.${i % 64}.${Math.floor(i / 64) % 160}.1`,
      dueUs: i * 250,
      endUs: i * 250 + 900 + (i % 97),
      status: i % 501 === 0 ? 503 : 200,
    }),
  );
  const result = resultOf(rows, { v0: 1, v1: 1 });
  const listed = result.versions.flatMap(({ endpoints }) => endpoints);
  assert.ok(listed.length > 2000 && listed.length < 10_240, 'the rest is (other)');
  const found = await checked(result, RUN_REPORTS);
  const lines = (what: string) => (found.get(what) as string).trimEnd().split('\n').length;
  assert.deepEqual([lines('csv'), lines('endpoints.csv')], [1 + 64 + 1, 1 + listed.length]);
  assert.equal(
    listed.reduce((sum, { requests }) => sum + requests, 0),
    rows.length,
  );
  assert.ok(lines('timeline.csv') <= 1 + 1024);
  // 12 endpoints of each of 40 versions are the most of it.
  for (const columns of WIDTHS) assert.ok(lines(`table of ${columns}`) < 1200);
});

test('every report: a saved run that is cut, at many places', async (t) => {
  const file = join(folderFor(t), 'cut.arrow');
  const run = new MadeUpRun(3);
  const blocks = [300, 1, 500, 200].map((rows) => run.block(rows, ['v1', 'v2'], ['pod-1', 'pod-2']));
  const pieces = encoded(run.header, blocks, endOf(blocks));
  const bytes = Buffer.concat(pieces);
  const schema = (pieces[0] as Buffer).length;
  const places = 8;
  for (let i = 0; i <= places; i++) {
    writeFileSync(file, bytes.subarray(0, schema + Math.floor(((bytes.length - schema) * i) / places)));
    const result = await analyze([await openRun(file, {})], {});
    if (i < places) assert.equal(result.ended, 'truncated');
    const found = await checked(result, RUN_REPORTS, [60]);
    readResult(found.get('json') as string);
  }
});

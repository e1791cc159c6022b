/** Labels that a hostile server invents, through a whole run: table, JSON and CSV stay fit to be shown. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { RunResult } from '../../src/analysis/result.js';
import { assertNoStack, BIN } from '../support/cli.js';
import { REPORT_FLAGS } from '../support/outputs.js';
import { readResult } from '../support/result-schema.js';
import { rawServer } from '../support/servers.js';
import { scratch } from './sample-lab.js';

const MAX_BYTES = 200e6;
/** Controls but line ends, bidirectional controls, and what has no width. */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

interface Reports {
  readonly table: string;
  readonly stderr: string;
  readonly result: RunResult;
  readonly json: string;
  readonly csv: string;
  /** Every other report, and the samples as CSV, by file. */
  readonly others: Readonly<Record<string, string>>;
  readonly peakBytes: number;
}

/** `weighbridge run` with every report, and the memory it took. */
async function reports(t: TestContext, words: readonly string[]): Promise<Reports> {
  const folder = scratch(t);
  const [json, csv] = [join(folder, 'run.json'), join(folder, 'run.csv')];
  const preload = new URL('../support/faults/peak-rss.js', import.meta.url).href;
  const beside = join(folder, 'beside');
  mkdirSync(beside);
  const others = [...REPORT_FLAGS, 'samples'].flatMap((flag) =>
    flag === 'json' || flag === 'csv' ? [] : [`--${flag}`, join(beside, `run.${flag}`)],
  );
  const outputs = ['--json', json, '--csv', csv, ...others, '--csv-dir', beside];
  const args = ['--import', preload, BIN, 'run', ...words, ...outputs, '--no-preflight'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const [, stdout, stderr, peak] = child.stdio as NodeJS.ReadableStream[];
  const [table, said, bytes, [status]] = await Promise.all([
    text(stdout as NodeJS.ReadableStream & AsyncIterable<string>),
    text(stderr as NodeJS.ReadableStream & AsyncIterable<string>),
    text(peak as NodeJS.ReadableStream & AsyncIterable<string>),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  assert.equal(status, 0, said);
  assertNoStack(said);
  const jsonText = readFileSync(json, 'utf8');
  return {
    table,
    stderr: said,
    result: readResult(jsonText),
    json: jsonText,
    csv: readFileSync(csv, 'utf8'),
    others: Object.fromEntries(
      readdirSync(beside).map((name) => [name, readFileSync(join(beside, name), 'utf8')]),
    ),
    peakBytes: Number(bytes),
  };
}

/** The cells of a CSV text (RFC 4180). */
function cellsOf(csv: string): string[] {
  return [...csv.matchAll(/(?:^|,|\n)(?:"((?:[^"]|"")*)"|([^",\n]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare as string) : quoted.replaceAll('""', '"'),
  );
}

function assertFit({ table, stderr, csv, json, others, peakBytes }: Reports): void {
  const files = { 'run.csv': csv, 'run.json': json, ...others };
  for (const [name, shown] of Object.entries({ table, stderr, ...files }))
    assert.doesNotMatch(shown, OBEYED, name);
  for (const [name, text] of Object.entries(files)) {
    if (!/\.(csv|samples)$/.test(name)) continue;
    const formulas = cellsOf(text).filter((cell) => /^\s*[=+\-@]/.test(cell) && Number.isNaN(Number(cell)));
    assert.deepEqual(formulas, [], name);
  }
  assert.ok(peakBytes < MAX_BYTES, `${Math.round(peakBytes / 1e6)} MB`);
}

test('30,000 versions and endpoints, and every status there is', async (t) => {
  const server = await rawServer(t, (socket, { inAll }) => {
    const names = `x-version: build-${inAll}-of-the-shop\r\nx-pod: shop-${inAll}\r\n`;
    socket.write(`HTTP/1.1 ${200 + (inAll % 800)} Said\r\n${names}content-length: 0\r\n\r\n`);
  });
  const run = await reports(t, [
    ...[`http://${server.at}`, '-n', '30000', '-c', '16', '--threads', '2'],
    ...['--version-from', 'header:x-version', '--endpoint-from', 'header:x-pod'],
  ]);
  assertFit(run);
  const { requests, versions, notes, overall, backends, gatewayReplies } = run.result;
  assert.equal(requests.attributed, 30_000);
  const own = Object.values(gatewayReplies).reduce((sum, n) => sum + n, 0);
  assert.equal(overall.requests, 30_000);
  assert.equal(backends.requests + own, 30_000);
  assert.ok(Object.keys(overall.statuses).length >= 799);
  assert.ok(versions.length <= 65);
  assert.equal(
    versions.reduce((sum, version) => sum + version.requests, 0),
    30_000,
  );
  assert.ok(versions.every(({ endpoints }) => endpoints.length <= 257));
  assert.ok((versions.at(-1)?.requests ?? 0) > 29_000);
  assert.equal(versions.at(-1)?.version, '(other)');
  const codes = new Set(notes.map(({ code }) => code));
  for (const code of ['labels-bounded', 'versions-bounded', 'endpoints-bounded'] as const)
    assert.ok(codes.has(code), code);
  assert.match(run.table, /\(other\)/);
  t.diagnostic(`${Math.round(run.peakBytes / 1e6)} MB`);
});

const LABELS: readonly (string | Buffer)[] = [
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  '\u009b2J',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1+1)',
  '\t=1+1',
  ' =1+1',
  '"=1+1',
  '\uff1d1+1',
  '<script>alert(1)</script>',
  'two\nlines',
  'two\r\nlines',
  'nul\u0000nul',
  '\u202elive\u202c',
  '\u2066isolated\u2069',
  'zero\u200bwidth',
  'a "quoted", and, cut',
  '__proto__',
  'constructor',
  '(other)',
  '(none)',
  'e\u0301 💥',
  Buffer.from([0xff, 0xfe, 0x80, 0x41]),
  'x'.repeat(1_000_000),
];

test('labels with escape sequences, formulas, markup, line ends, bytes that are no text, and a megabyte', async (t) => {
  const bodies = LABELS.map((label) =>
    Buffer.concat([Buffer.from('<<'), Buffer.from(label), Buffer.from('>>')]),
  );
  const server = await rawServer(t, (socket, { inAll }) => {
    const body = bodies[inAll % bodies.length] as Buffer;
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body);
  });
  const run = await reports(t, [
    ...[`http://${server.at}`, '-n', String(4 * LABELS.length), '-c', '4', '--body-limit', '2000000'],
    ...['--version-from', 'body:/<<(.*)>>/s', '--endpoint-from', 'body:/<<(.*)>>/s'],
  ]);
  assertFit(run);
  const { requests, versions, timeline } = run.result;
  assert.equal(requests.attributed, 4 * LABELS.length);
  // As they came, cut to 256 characters: what is fit to be shown is the reports' business.
  const expected = LABELS.map((label) => Buffer.from(label).toString('utf8').slice(0, 256));
  const seen = new Map(versions.map((version) => [version.labels[0], version]));
  for (const label of expected) {
    const version = seen.get(label);
    assert.equal(version?.requests, 4, JSON.stringify(label));
    assert.deepEqual(
      version?.endpoints.map(({ endpoint }) => endpoint),
      [label],
    );
  }
  assert.equal(
    timeline.reduce((sum, row) => sum + row.requests, 0),
    requests.attributed,
  );
  t.diagnostic(`${Math.round(run.peakBytes / 1e6)} MB`);
});

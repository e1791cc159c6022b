/** docs/saved-runs.md: its programs are run, as they stand there, and their figures held against the report. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { foldFor } from '../../src/analysis/fold-for.js';
import type { RunResult } from '../../src/analysis/result.js';
import { packageRoot } from '../../src/io/package-root.js';
import { run } from '../../src/run.js';
import { openSavedRun } from '../../src/saved/arrow/reader.js';
import { arrowSink } from '../../src/saved/sinks/arrow-sink.js';
import { planFor } from '../support/plan.js';
import { hasPython, python } from '../support/python.js';
import { folderFor } from '../support/saved.js';
import { httpServer } from '../support/servers.js';

/** How each library's result becomes JSON. */
const TO_JSON: Readonly<Record<string, string>> = {
  pyarrow: 'result',
  polars: 'result.to_dicts()',
  duckdb: '[dict(zip(result.columns, row)) for row in result.fetchall()]',
};

interface Figures {
  readonly version: string;
  readonly requests: number;
  readonly share: number;
  readonly p99_us: number;
}

/** A run whose third version first appears late, with failures and answers without a version. */
async function savedRun(t: TestContext, file: string): Promise<RunResult> {
  let count = 0;
  const server = await httpServer(t, (_request, reply) => {
    count += 1;
    if (count % 97 === 0) {
      reply.destroy();
      return;
    }
    const version = count > 4000 && count % 10 === 5 ? 'v3-näher' : count % 10 === 0 ? 'v2' : 'v1';
    if (count % 31 !== 0) reply.setHeader('x-version', version);
    reply.end('hello');
  });
  const plan = planFor(`http://${server.at}/`, {
    expect: { v1: 90, v2: 10 },
    load: { requests: 6000, warmup: { requests: 100 } },
  });
  const sink = await arrowSink(file);
  const result = await run(plan, { preflight: false, sinks: [sink] });
  assert.equal(sink.complaint, null);
  return result;
}

/** Service times of a version's answers, as the file has them, in order. */
async function timesOf(file: string, version: string): Promise<number[]> {
  const saved = await openSavedRun(file);
  const times: number[] = [];
  for await (const block of saved.blocks()) {
    for (let i = 0; i < block.length; i++) {
      const measured = block.phase[i] === 3 && block.outcome[i] === 0;
      if (!measured || saved.labels.versions[block.version[i] as number] !== version) continue;
      times.push((block.endUs[i] as number) - (block.sendUs[i] as number));
    }
  }
  return times.sort((a, b) => a - b);
}

test('the programs of docs/saved-runs.md agree with the report', async (t) => {
  if (!hasPython(t)) return;
  const docs = readFileSync(join(packageRoot(), 'docs', 'saved-runs.md'), 'utf8');
  const programs = [...docs.matchAll(/^```python\n(.*?)^```$/gms)].map((match) => match[1] as string);
  assert.equal(programs.length, 3);
  const folder = folderFor(t);
  const file = join(folder, 'run.arrow');
  const result = await savedRun(t, file);
  assert.ok(result.requests.failed > 0 && result.unattributed.requests > 0 && result.requests.warmup === 100);
  assert.equal(result.versions.length, 3);
  for (const program of programs) {
    const library = Object.keys(TO_JSON).find((name) => program.startsWith(`import ${name}`)) as string;
    const words = `${program}\nimport json, sys\nprint("\\n" + json.dumps(${TO_JSON[library]}))\n`;
    const { status, stdout, stderr } = python(['-c', words], folder);
    assert.equal(status, 0, `${library}: ${stderr}`);
    const figures = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string) as Figures[];
    assert.equal(figures.length, 3, stdout);
    for (const { version, requests, share, latencyUs } of result.versions) {
      const theirs = figures.find((row) => row.version === version) as Figures;
      assert.equal(theirs.requests, requests, `${library}: ${version}`);
      assert.ok(Math.abs(theirs.share - (share as number)) < 1e-12, `${library}: ${version} ${theirs.share}`);
      assert.equal(latencyUs.count, requests);
      // Libraries differ by one in the rank of a percentile.
      const times = await timesOf(file, version);
      const rank = Math.ceil(times.length * 0.99) - 1;
      const between = times.slice(Math.max(0, rank - 1), rank + 2);
      assert.ok(between.includes(theirs.p99_us), `${library}: ${version} ${theirs.p99_us} not in ${between}`);
    }
  }
});

test('the program of docs/csv.md has a row per second and version', async (t) => {
  if (!hasPython(t)) return;
  const docs = readFileSync(join(packageRoot(), 'docs', 'csv.md'), 'utf8');
  const [, program] = /^```python\n(import duckdb\n.*?)^```$/ms.exec(docs) ?? [];
  const folder = folderFor(t);
  const result = await savedRun(t, join(folder, 'run.arrow'));
  const words = `${program}\nimport json\nprint(json.dumps([list(row[:3]) for row in seconds.fetchall()]))\n`;
  const { status, stdout, stderr } = python(['-c', words], folder);
  assert.equal(status, 0, stderr);
  const rows = JSON.parse(stdout) as [number, string | null, number][];
  assert.equal(new Set(rows.map(([second, version]) => `${second} ${version}`)).size, rows.length);
  for (const { version, requests } of result.versions) {
    const own = rows.filter(([, name]) => name === version);
    assert.equal(
      own.reduce((sum, [, , n]) => sum + n, 0),
      requests,
    );
  }
});

test('a file cut in the middle is read batch by batch', async (t) => {
  if (!hasPython(t)) return;
  const folder = folderFor(t);
  const file = join(folder, 'run.arrow');
  await savedRun(t, file);
  const bytes = readFileSync(file);
  const program = [
    'import io, sys, pyarrow as pa',
    'stream = pa.ipc.open_stream(io.BytesIO(open("run.arrow", "rb").read()[:int(sys.argv[1])]))',
    'rows = 0',
    'try:',
    '    for batch in stream: rows += len(batch)',
    'except (pa.ArrowInvalid, OSError): pass',
    'print(rows)',
  ].join('\n');
  const { status, stdout, stderr } = python(['-c', program, String(Math.floor(bytes.length * 0.6))], folder);
  assert.equal(status, 0, stderr);
  const rows = Number(stdout);
  assert.ok(rows > 0 && rows < 6100, stdout);
});

test('rows that pyarrow chose and wrote again are read', async (t) => {
  if (!hasPython(t)) return;
  const folder = folderFor(t);
  const result = await savedRun(t, join(folder, 'run.arrow'));
  const program = [
    'import pyarrow as pa, pyarrow.compute as pc',
    'run = pa.ipc.open_stream("run.arrow").read_all()',
    'run = run.filter(pc.equal(run["phase"].cast("string"), "measured"))',
    'run = run.append_column("x", run["status"].cast("string"))',
    'run = run.select(run.column_names[::-1])',
    'with pa.OSFile("own.arrow", "wb") as sink, pa.ipc.new_stream(sink, run.schema) as writer: writer.write_table(run)',
  ].join('\n');
  const { status, stderr } = python(['-c', program], folder);
  assert.equal(status, 0, stderr);
  const saved = await openSavedRun(join(folder, 'own.arrow'));
  const { fold } = foldFor(saved.plan, saved.labels);
  for await (const block of saved.blocks()) fold.add(block);
  const { attributed, unattributed, failed, before } = fold.live();
  const { requests } = result;
  assert.deepEqual(
    { attributed, unattributed, failed, before },
    {
      attributed: requests.attributed,
      unattributed: requests.unattributed,
      failed: requests.failed,
      before: 0,
    },
  );
  assert.equal(saved.end(), null);
});

/** `weighbridge compare` as it is typed. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { jsonText } from '../../src/report/json.js';
import { assertNoStack, assertSaid, refusal, weighbridge } from '../support/cli.js';
import { readComparison } from '../support/compare-schema.js';
import { foundKnee } from '../support/limits-results.js';
import { answers, resultOf } from '../support/results.js';
import { HOST, sample, sampleLab, scratch } from './sample-lab.js';

const SHARES = { v1: 0.9, v2: 0.1 };
const WEIGHTS = { v1: 90, v2: 10 };

/** A kept split, and the same with every third answer of v2 a 503. */
function placed(t: TestContext) {
  const folder = scratch(t);
  const rows = answers(10_000, SHARES, 5);
  const failing = rows.map((row, i) => (row.version === 'v2' && i % 3 === 0 ? { ...row, status: 503 } : row));
  const [good, bad] = [join(folder, 'good.json'), join(folder, 'bad.json')];
  writeFileSync(good, jsonText(resultOf(rows, WEIGHTS)));
  writeFileSync(bad, jsonText(resultOf(failing, WEIGHTS, { startedAt: '2026-12-02T00:00:00.000000Z' })));
  return { folder, good, bad };
}

test('a failing version: the answer, its status with and without --fail-on-regression, and JSON', async (t) => {
  const { folder, good, bad } = placed(t);
  const json = join(folder, 'out.json');
  const end = await weighbridge(t, ['compare', good, bad, '--json', json]);
  assert.deepEqual([end.status, end.stderr], [0, '']);
  assert.match(
    end.stdout,
    /^WORSE {2}B bad\.json against A good\.json\n {7}errors of v2 \+3\d\.\d\d points/m,
  );
  const result = readComparison(readFileSync(json, 'utf8'));
  assert.match(result.tool.command ?? '', / compare .*good\.json .*bad\.json --json/);
  const gate = await weighbridge(t, ['compare', good, bad, '--fail-on-regression', '--quiet']);
  assert.deepEqual([gate.status, gate.stdout, gate.stderr], [1, '', '']);
  const back = await weighbridge(t, ['compare', bad, good, '--fail-on-regression', '--quiet']);
  assert.ok(back.status === 0 || back.status === 3, 'better is not worse');
});

test('a result of a pipe, a narrow terminal, no colour codes in a pipe', async (t) => {
  const { good, bad } = placed(t);
  const input = readFileSync(bad, 'utf8');
  const end = await weighbridge(t, ['compare', good, '-'], { input, env: { COLUMNS: '60' } });
  assert.equal(end.status, 0, end.stderr);
  assert.match(end.stdout, /^WORSE {2}B .*dev\/stdin/m);
  assert.doesNotMatch(end.stdout, /\u001b/);
  const json = await weighbridge(t, ['compare', good, '-', '--json', '-'], { input });
  assert.equal(readComparison(json.stdout).comparisons[0]?.name, '/dev/stdin');
});

test('runs of the lab: saved and as JSON, the same figures', async (t) => {
  const lab = await sampleLab(t);
  const folder = scratch(t);
  const [arrow, json, out] = ['run.arrow', 'run.json', 'out.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const run = await weighbridge(t, [
    ...['run', lab.urls.http as string, '--host', HOST, '-f', sample('httproute-90-10.yaml'), '-n', '3000'],
    ...['--quiet', '--save', arrow, '--json', json],
  ]);
  assert.ok(run.status === 0 || run.status === 3, run.stderr);
  const end = await weighbridge(t, ['compare', json, arrow, '--json', out]);
  assert.equal(end.status, 0, end.stderr);
  const [pair] = readComparison(readFileSync(out, 'utf8')).comparisons;
  assert.ok(pair?.differences.length);
  for (const { reference, value, difference } of pair.differences) {
    assert.deepEqual([value, difference ?? 0], [reference === 50 ? value : reference, 0]);
  }
  assert.ok(pair.warnings.some(({ code }) => code === 'same-run'));
});

test('what is wrong is said in a line, with status 2', async (t) => {
  const { folder, good, bad } = placed(t);
  const knee = join(folder, 'knee.json');
  writeFileSync(knee, jsonText(foundKnee()));
  assertSaid(await refusal(t, ['compare']), 2, /Nothing to compare with/);
  assertSaid(await refusal(t, ['compare', good]), 2, /only .*good\.json was given/);
  assertSaid(await refusal(t, ['compare', good, knee]), 2, /give results of one kind/);
  assertSaid(await refusal(t, ['compare', good, join(folder, 'none')]), 2, /none cannot be read/);
  assertSaid(await refusal(t, ['compare', good, bad, '--fail-on-regresion']), 2, /fail-on-regresion/);
  assertSaid(await refusal(t, ['compare', good, bad, '--csv', 'x']), 2, /csv/);
  assertSaid(await refusal(t, ['compare', good, '-', '-']), 2, /given twice/);
  const help = await weighbridge(t, ['compare', '--help']);
  assert.equal(help.status, 0);
  assertNoStack(help.stdout);
  assert.match(help.stdout, /Exit status: 0 no result is worse/);
});

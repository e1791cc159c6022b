/** What `compare` reads, and what it says of wrong options and of files that are no results. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunResult } from '../../../src/analysis/result.js';
import type { Flags } from '../../../src/cli/options/flags.js';
import { UserError } from '../../../src/errors.js';
import { jsonText } from '../../../src/report/json.js';
import { compareFromFlags } from '../../support/compare-from-flags.js';
import { readComparison } from '../../support/compare-schema.js';
import { foundKnee } from '../../support/limits-results.js';
import { answers, everyday, resultOf } from '../../support/results.js';
import { encoded, endOf, folderFor, MadeUpRun } from '../../support/saved.js';

const QUIET = { quiet: true };
const WEIGHTS = { v1: 90, v2: 10 };

function placeIn(t: TestContext) {
  const folder = folderFor(t);
  return {
    folder,
    place(name: string, content: string | Buffer | object): string {
      const path = join(folder, name);
      writeFileSync(
        path,
        typeof content === 'string' || Buffer.isBuffer(content) ? content : jsonText(content),
      );
      return path;
    },
  };
}

function savedRun(seed: number): Buffer {
  const made = new MadeUpRun(seed);
  const blocks = [made.block(2000, ['v1', 'v2'], ['a', 'b'])];
  return Buffer.concat(encoded(made.header, blocks, endOf(blocks)));
}

test('saved runs and JSON are read alike, also cut runs, with the same figures', async (t) => {
  const { folder, place } = placeIn(t);
  const saved = place('saved.arrow', savedRun(1));
  const whole = savedRun(2);
  const cut = place('cut.arrow', whole.subarray(0, Math.floor(whole.length * 0.98)));
  const json = join(folder, 'out.json');
  assert.equal(await compareFromFlags([saved, cut], { ...QUIET, json }), 0);
  const result = readComparison(readFileSync(json, 'utf8'));
  assert.equal(result.results[1]?.ended, 'truncated');
  assert.ok(result.comparisons[0]?.warnings.some(({ text }) => /cut\.arrow: its file is cut/.test(text)));
  const run = everyday();
  const [a, b] = [
    place('a.json', run),
    place('b.json', { ...run, startedAt: '2026-12-02T00:00:00.000000Z' }),
  ];
  assert.equal(await compareFromFlags([a, b], { ...QUIET, json }), 0);
  const same = readComparison(readFileSync(json, 'utf8'));
  const p99 = same.comparisons[0]?.differences.find(
    ({ version, percentile }) => version === 'backend-v1' && percentile === 99,
  );
  const own = run.versions.find(({ version }) => version === 'backend-v1')?.latencyUs.percentiles['99'];
  assert.deepEqual([p99?.reference, p99?.value], [own, own], 'from the histogram as in the result');
  // As jq and editors write it.
  const bom = place('bom.json', `\ufeff${JSON.stringify(run)}`);
  assert.equal(await compareFromFlags([bom, b], QUIET), 0);
});

test('the exit status: 0, and with --fail-on-regression 1 for worse and 3 where it cannot be told', async (t) => {
  const { place } = placeIn(t);
  const shares = { v1: 0.9, v2: 0.1 };
  const good = place('good.json', resultOf(answers(20_000, shares, 1), WEIGHTS));
  const again = place('again.json', resultOf(answers(20_000, shares, 2), WEIGHTS));
  const few = place('few.json', resultOf(answers(500, shares, 3), WEIGHTS));
  const failing = answers(20_000, shares, 4).map((row, i) => (i % 20 === 0 ? { ...row, status: 500 } : row));
  const bad = place('bad.json', resultOf(failing, WEIGHTS));
  const gate = { ...QUIET, 'fail-on-regression': true };
  assert.equal(await compareFromFlags([good, bad], QUIET), 0);
  assert.equal(await compareFromFlags([good, bad], gate), 1);
  assert.equal(await compareFromFlags([good, few], gate), 3);
  assert.equal(await compareFromFlags([good, few, bad], gate), 1, 'the worst of all');
  const wide = { ...gate, 'latency-tolerance': '1h', 'error-tolerance': '50', tolerance: '50' };
  assert.equal(await compareFromFlags([good, again], wide), 0);
  assert.equal(await compareFromFlags([good, bad], { ...QUIET, json: '/dev/full' }), 5);
});

test('wrong options and bad files, each with its own words', async (t) => {
  const { folder, place } = placeIn(t);
  const run = everyday();
  const text = jsonText(run);
  const a = place('a.json', run);
  const b = place('b.json', { ...run, startedAt: '2026-12-02T00:00:00.000000Z' });
  mkdirSync(join(folder, 'folder'));
  symlinkSync(a, join(folder, 'link'));
  const changed = (name: string, change: (result: RunResult) => unknown) => {
    const result = JSON.parse(text) as RunResult;
    return place(name, { ...result, ...(change(result) as object) });
  };
  const first = (result: RunResult) => result.versions[0] as RunResult['versions'][number];
  const latency = (result: RunResult, more: object) => ({
    versions: [
      { ...first(result), latencyUs: { ...first(result).latencyUs, ...more } },
      ...result.versions.slice(1),
    ],
  });
  const arrow = savedRun(3);
  const cases: readonly (readonly [files: string[], flags: Flags, message: RegExp])[] = [
    [[], {}, /^Nothing to compare with: give at least two results, the reference first\.$/],
    [[a], {}, /^Nothing to compare with: .*\(only .*a\.json was given\)\.$/],
    [
      Array.from({ length: 17 }, (_, i) => place(`${i}.json`, run)),
      {},
      /At most 16 results are compared, not 17/,
    ],
    [[a, join(folder, 'none.json')], {}, /none\.json cannot be read \(ENOENT\)/],
    [[a, join(folder, 'folder')], {}, /folder cannot be read \(EISDIR\)/],
    [[a, a], {}, /a\.json is given twice: it would be compared with itself/],
    [[a, join(folder, 'link')], {}, /a\.json and .*link are the same file: it would be/],
    [[a, place('empty', '')], {}, /empty ends before its first samples/],
    [[a, place('text', 'hello, world\n')], {}, /text is not an Arrow stream/],
    [
      [a, place('cut.json', text.slice(0, text.length >> 1))],
      {},
      /cut\.json is cut: it ends before its JSON does/,
    ],
    [[a, place('cut2.json', '{')], {}, /cut2\.json is cut/],
    [[a, place('cut3.json', '{"schemaVersion": 1, "tool": {"version": "0.')], {}, /cut3\.json is cut/],
    [[a, place('bad.json', '{"a": nope}')], {}, /bad\.json is not JSON \(.*\)\. Give what 'weighbridge run'/],
    [[a, place('list.json', '[1, 2]')], {}, /list\.json is JSON, but no result\. Give what/],
    [[a, place('other.json', '{"a": 1}')], {}, /other\.json is JSON, but no result/],
    [[a, place('deep.json', '['.repeat(200))], {}, /deep\.json is nested more than 100 deep/],
    [[a, place('route.json', { apiVersion: 'v1', kind: 'Service' })], {}, /route\.json has a manifest/],
    [
      [a, place('plan.json', { schemaVersion: 1, expectation: {}, needed: {} })],
      {},
      /plan\.json has what 'weighbridge plan' found: nothing was sent for it/,
    ],
    [
      [a, place('doctor.json', { schemaVersion: 1, machine: {}, closedLoop: {} })],
      {},
      /doctor\.json has what 'weighbridge doctor' measured/,
    ],
    [
      [a, place('identify.json', { identifiers: [], address: '' })],
      {},
      /identify\.json has what 'weighbridge identify' found/,
    ],
    [
      [a, place('compared.json', { schemaVersion: 1, comparisons: [], results: [] })],
      {},
      /compared\.json has a result of 'weighbridge compare' itself/,
    ],
    [
      [a, changed('newer.json', () => ({ schemaVersion: 2 }))],
      {},
      /newer\.json is of a newer weighbridge \(schemaVersion 2\); this one reads 1\. Compare with that version/,
    ],
    [[a, changed('unnumbered.json', () => ({ schemaVersion: 'x' }))], {}, /has no schemaVersion 1/],
    [
      [a, changed('shape.json', () => ({ versions: 'none' }))],
      {},
      /shape\.json is not as weighbridge writes it: the result\.versions is not a list/,
    ],
    [
      [a, changed('twice.json', (one) => ({ versions: [...one.versions, first(one)] }))],
      {},
      /the result\.versions has a version twice/,
    ],
    [
      [a, changed('errors.json', (one) => ({ errors: { ...one.errors, errors: 1e9 } }))],
      {},
      /the result\.errors has more errors than requests/,
    ],
    [
      [a, changed('more.json', (one) => ({ versions: [{ ...first(one), errors: 1e9 }] }))],
      {},
      /the result\.versions\[0\] has more errors than requests/,
    ],
    [
      [a, changed('negative.json', (one) => ({ versions: [{ ...first(one), requests: -1 }] }))],
      {},
      /versions\[0\]\.requests is not a whole number/,
    ],
    [
      [a, changed('histogram.json', (one) => latency(one, { histogram: 'AAAA' }))],
      {},
      /the result\.versions\[0\]\.latencyUs\.histogram is no HdrHistogram V2/,
    ],
    [
      [a, changed('count.json', (one) => latency(one, { count: 7 }))],
      {},
      /latencyUs\.histogram has \d+ values and not 7/,
    ],
    [
      [a, place('limits.json', foundKnee())],
      {},
      /limits\.json is a result of 'weighbridge limits', and .*a\.json one of a run: give results of one kind/,
    ],
    [[place('short.arrow', arrow.subarray(0, 300)), a], {}, /short\.arrow ends before its first samples/],
    [[a, b], { tolerance: 'x' }, /--tolerance: 'x' is not a number/],
    [[a, b], { tolerance: 'v9=1' }, /--tolerance: 'v9' is not an expected version/],
    [[a, b], { 'latency-tolerance': 'soon' }, /--latency-tolerance: 'soon' is not a duration/],
    [
      [a, b],
      { 'latency-tolerance': '0%' },
      /--latency-tolerance: 0% is out of range|--latency-tolerance: 0 is/,
    ],
    [[a, b], { 'error-tolerance': '-1' }, /--error-tolerance: '-1' is not a number/],
    [[a, b], { 'knee-tolerance': 'x' }, /--knee-tolerance: 'x' is not a number/],
    [[a, b], { confidence: '20' }, /--confidence: 20 is out of range/],
    [[a, b], { json: a }, /--json would write to .*a\.json, which compare reads/],
  ];
  for (const [files, flags, message] of cases) {
    await assert.rejects(
      compareFromFlags(files, { ...QUIET, ...flags }),
      (error: unknown) => error instanceof UserError && error.exitCode === 2 && message.test(error.message),
      String(message),
    );
  }
  assert.equal(readFileSync(a, 'utf8'), text, 'what was to be compared is as it was');
});

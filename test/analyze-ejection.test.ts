/** The rules that a saved run's ejections are compared with: the run's, or those of the analysis. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { GatewayObservations } from '../src/blocks/gateway-observations.js';
import type { Flags } from '../src/cli/options/flags.js';
import { UserError } from '../src/errors.js';
import type { EjectionRule } from '../src/plan/plan.js';
import { ejectionNotes } from '../src/plan/policy/ejection-notes.js';
import { analyzeFromFlags } from './support/analyze-from-flags.js';
import { BlockMaker, type Row } from './support/blocks.js';
import { ruleWith } from './support/ejection-rule.js';
import { adminWatched, observed } from './support/gateway-word.js';
import { readResult } from './support/result-schema.js';
import { encoded, endOf, folderFor, MadeUpRun } from './support/saved.js';

/** Answers of v1's two endpoints and of v2 for 10 s. */
const ROWS: readonly Row[] = Array.from({ length: 1000 }, (_, i) => ({
  version: i % 10 === 0 ? 'v2' : 'v1',
  endpoint: i % 10 === 0 ? 'c' : i % 2 === 0 ? 'a' : 'b',
  dueUs: i * 10_000,
  sendUs: i * 10_000,
  endUs: i * 10_000 + 2000,
}));

/** A saved run with these rules, and what analyses of it find. */
function saved(
  t: TestContext,
  ejection: readonly EjectionRule[],
  rows: readonly Row[] = ROWS,
  gateway: GatewayObservations | null = null,
) {
  const folder = folderFor(t);
  const [file, json] = [join(folder, 'run.arrow'), join(folder, 'result.json')];
  const maker = new BlockMaker();
  const block = maker.block(rows);
  const { plan, ...header } = new MadeUpRun().header;
  const notes = [{ code: 'policy', text: 'stays' } as const, ...ejectionNotes(ejection, plan.load)];
  const made = { ...header, labels: maker.labels, plan: { ...plan, ejection, notes } };
  writeFileSync(file, Buffer.concat(encoded(made, [block], endOf([block], { notes: [], gateway }))));
  return async (flags: Flags = {}) => {
    const status = await analyzeFromFlags([file], { quiet: true, json, ...flags });
    const result = readResult(readFileSync(json, 'utf8'));
    return {
      status,
      result,
      notes: result.notes.filter(
        ({ code }) => !['ejections-too-little-traffic', 'versions-in-turn'].includes(code),
      ),
    };
  };
}

test("without options the run's own rules hold, and what was said of them stays", async (t) => {
  const analysis = await saved(t, [ruleWith({ version: 'v1', maxEjectionPercent: 10 })])();
  assert.deepEqual(
    analysis.notes.map(({ code }) => code),
    ['policy', 'ejection-rule'],
  );
  assert.match(analysis.notes[1]?.text ?? '', /^Ejection of v1: cannot act/);
});

test('--eject-* lie over them; the report says so, and what was said of the others does not stay', async (t) => {
  const again = saved(t, [ruleWith({ version: 'v1', source: 'manifest', maxEjectionPercent: 10 })]);
  const { notes, result } = await again({ 'eject-max': '50', 'eject-after': '3' });
  assert.deepEqual(
    notes.map(({ code }) => code),
    ['policy', 'ejections-judged-otherwise'],
  );
  assert.equal(
    notes[1]?.text,
    'Ejections are compared with the rule of this analysis, 3 × 5xx in a row, base 30 s, interval 30 s, at most 50 % out, ' +
      'and 3 × 5xx in a row, base 30 s, interval 10 s, at most 50 % out; the run was planned with 5 × 5xx in a row, ' +
      'base 30 s, interval 30 s, at most 10 % out.',
  );
  assert.equal(result.split?.verdict, 'pass');
  assert.ok(result.checks.every(({ verdict }) => verdict !== 'fail'));
});

test('a run without a rule can be given one', async (t) => {
  const { notes } = await saved(t, [])({ 'eject-base': '2s', 'eject-interval': '1s', 'eject-max': '100%' });
  assert.deepEqual(
    notes.map(({ code }) => code),
    ['policy', 'ejections-judged-otherwise'],
  );
  assert.match(notes[1]?.text ?? '', /the run was planned with no rule\.$/);
});

test('the same rule as the run had is nothing to speak of', async (t) => {
  const own = { ...ruleWith(), source: '--eject-after 5' };
  const { notes } = await saved(t, [own])({});
  assert.deepEqual(
    notes.map(({ code }) => code),
    ['policy'],
  );
});

test('with other expected versions the rules go by their names', async (t) => {
  const again = saved(t, [ruleWith({ version: 'backend-v1', source: 'manifest' })]);
  const { notes } = await again({ expect: 'v1=90,v2=10', 'eject-after': '3' });
  const text = notes.find(({ code }) => code === 'ejections-judged-otherwise')?.text ?? '';
  assert.match(text, /this analysis, 3 × 5xx .*, and 3 × 5xx/);
});

test('wrong values are refused', async (t) => {
  await assert.rejects(
    saved(t, [])({ 'eject-max': '0.5' }),
    (error: unknown) =>
      error instanceof UserError && /--eject-max: '0\.5' is not a whole/.test(error.message),
  );
});

test('that a rule needs more endpoints than are known is left out of the report where so many answered', async (t) => {
  // Of v1 two endpoints answer, of v2 one.
  const rules = ['v1', 'v2'].map((version) => ruleWith({ version, endpoints: null, maxEjectionPercent: 40 }));
  const { notes } = await saved(t, rules)();
  assert.match(notes.at(-1)?.text ?? '', /^Ejection of v1, v2: can act only with at least 3 endpoints/);
  const more = new Set(['a', 'b', 'd']);
  const rows = ROWS.map((row, i) =>
    more.has(row.endpoint ?? '') ? { ...row, endpoint: [...more][i % 3] as string } : row,
  );
  const after = await saved(t, rules, rows)();
  assert.match(after.notes.at(-1)?.text ?? '', /^Ejection of v2: can act only with at least 3 endpoints/);
});

test('rows chosen by their answer say nothing of ejections, and the report says so', async (t) => {
  const { result, notes } = await saved(t, [ruleWith()])({ where: 'status=2xx' });
  assert.equal(result.ejections, null);
  assert.match(
    notes.find(({ code }) => code === 'split-left-out')?.text ?? '',
    /^Shares, the verdict and ejections are left out: /,
  );
});

test("a part of a run has ends of its own, and the gateway's counters are the run's", async (t) => {
  const cut = async (gateway: GatewayObservations | null, flags: Flags) => {
    const { notes } = await saved(t, [], ROWS, gateway)(flags);
    return notes.find(({ code }) => code === 'cut')?.text ?? '';
  };
  const watched = observed({ admins: [adminWatched()] });
  assert.match(await cut(watched, { since: '4s' }), /the gateway's counters and the phases before it/);
  assert.doesNotMatch(await cut(null, { since: '4s' }), /counters/);
  assert.doesNotMatch(await cut(watched, { where: 'status=2xx' }), /counters/);
});

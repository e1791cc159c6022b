import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GivenEjection, namedAsExpected, withGiven } from '../../src/plan/ejection.js';
import { ruleWith } from '../support/ejection-rule.js';
import { parseExpect } from '../support/flags.js';

const given = (changes: Partial<GivenEjection>): GivenEjection => ({
  after: undefined,
  baseMs: undefined,
  intervalMs: undefined,
  maxPercent: undefined,
  text: '--eject-…',
  ...changes,
});

test('flags lie over the rules, and stand for versions without one', () => {
  const own = ruleWith({ version: 'a', source: 'manifest' });
  assert.deepEqual(withGiven([own], null, null), [own]);
  const expected = parseExpect(['a=1', 'b=1']);
  const laid = withGiven([own], given({ after: 3, text: '--eject-after 3' }), expected);
  assert.deepEqual(laid[0], {
    ...own,
    consecutive5xx: 3,
    source: 'manifest with --eject-after 3',
    asked: true,
  });
  assert.deepEqual(laid[1], {
    version: null,
    scope: 'version',
    source: '--eject-after 3',
    consecutive5xx: 3,
    errorCodes: null,
    consecutiveGatewayErrors: 0,
    consecutiveLocalOriginFailures: null,
    intervalMs: 10_000,
    baseEjectionTimeMs: 30_000,
    maxEjectionPercent: 10,
    alwaysEjectsOne: false,
    minHealthPercent: 0,
    endpoints: null,
    asked: true,
  });
  assert.equal(laid.length, 2);
  assert.equal(withGiven([own], given({ after: 3 }), parseExpect(['a=1'])).length, 1);
  const [all] = withGiven([], given({ baseMs: 1, intervalMs: 2, maxPercent: 3 }), null);
  assert.deepEqual(
    [all?.version, all?.consecutive5xx, all?.baseEjectionTimeMs, all?.intervalMs, all?.maxEjectionPercent],
    [null, 5, 1, 2, 3],
  );
  assert.equal(withGiven([ruleWith()], given({ after: 3 }), expected).length, 1);
});

test('with --expect v1=… the rule of backend-v1 is that of v1; one that nothing is called by is said', () => {
  const rules = [ruleWith({ version: 'backend-v1' }), ruleWith({ version: 'backend-v2' })];
  const named = namedAsExpected(rules, parseExpect(['v1=90', 'v2=10']));
  assert.deepEqual(
    named.rules.map(({ version }) => version),
    ['v1', 'v2'],
  );
  assert.deepEqual(named.notes, []);
  const colours = namedAsExpected(rules, parseExpect(['blue=90', 'v2=10']));
  assert.deepEqual(
    colours.rules.map(({ version }) => version),
    ['backend-v1', 'v2'],
  );
  assert.equal(colours.notes.length, 1);
  assert.match(
    colours.notes[0]?.text ?? '',
    /is for backend-v1, which is not the name of an expected version/,
  );
  assert.deepEqual(namedAsExpected(rules, null).rules, rules);
});

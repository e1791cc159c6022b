import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSettledNotes } from '../../../src/analysis/ejections/settled-notes.js';
import { ejectionNotes } from '../../../src/plan/policy/ejection-notes.js';
import { ruleWith } from '../../support/ejection-rule.js';
import { planFor } from '../../support/plan.js';

const told = (version: string, endpoints: number) => ({
  version,
  endpoints,
  withoutEndpoint: 0,
  shortestMs: 100,
  ratePerSecondNeeded: null,
});
const HOUR = { ...planFor('http://127.0.0.1').load, durationMs: 3_600_000, requests: null };

test('a rule for all versions is settled when enough endpoints of each that has no own rule answered', () => {
  const rules = [
    ruleWith({ endpoints: null, maxEjectionPercent: 34 }),
    ruleWith({ version: 'own', endpoints: 2 }),
  ];
  const notes = ejectionNotes(rules, HOUR);
  assert.equal(notes.length, 1);
  assert.deepEqual(withoutSettledNotes(notes, rules, HOUR, []), notes, 'no version told its endpoints');
  assert.deepEqual(withoutSettledNotes(notes, rules, HOUR, [told('a', 3), told('b', 2)]), notes);
  assert.deepEqual(withoutSettledNotes(notes, rules, HOUR, [told('a', 3), told('b', 3), told('own', 1)]), []);
});

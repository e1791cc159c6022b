/** With faults: what was ejected is found, nothing else is, and the times when it took effect lie within the bounds. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkSimulated } from '../../support/ejection-sim/check.js';

// `npm run nightly -- ejections` has 500 of them, with new seeds.
test('20 simulated runs with failing endpoints: all windows with traffic enough, no others, true bounds', (t) => {
  const { requests, absences, enough, wrong } = checkSimulated('faulty', 1, 20);
  t.diagnostic(`${requests} requests, ${absences} absences, ${enough} of them with traffic enough`);
  assert.ok(enough > 30, `${enough} absences had traffic enough`);
  assert.deepEqual(wrong, []);
});

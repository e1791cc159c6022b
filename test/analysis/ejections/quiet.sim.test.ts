/** Without any fault nothing is found: balancers, slow endpoints, scaling, weight changes, stalls, 5xx at 30 %. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkSimulated } from '../../support/ejection-sim/check.js';

// `npm run nightly -- ejections` has 2,000 of them, with new seeds.
test('25 simulated runs in which nothing is ejected: no false window', (t) => {
  const { requests, absences, wrong } = checkSimulated('quiet', 1, 25);
  t.diagnostic(`${requests} requests`);
  assert.equal(absences, 0, 'the simulation itself ejects nothing');
  assert.deepEqual(wrong, []);
});

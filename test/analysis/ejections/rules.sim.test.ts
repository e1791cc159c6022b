/** Simulated gateways that keep to their rule are never said to break it, whatever fails behind them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ejectionsOf } from '../../support/ejection-sim/fold.js';
import { faultySetup, quietSetup } from '../../support/ejection-sim/random-setups.js';
import { simulate } from '../../support/ejection-sim/simulate.js';
import { NIGHTLY_TIMES } from '../../support/nightly.js';

test('simulated runs with failing endpoints: no check fails, and most decide', (t) => {
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  const failed: string[] = [];
  for (let seed = 1; seed <= 20 * NIGHTLY_TIMES; seed++) {
    for (const { checks } of ejectionsOf(simulate(faultySetup(seed)), 'known').rules) {
      for (const { name, verdict, text } of checks) {
        counts[verdict] += 1;
        if (verdict === 'fail') failed.push(`seed ${seed}, ${name}: ${text}`);
      }
    }
  }
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(failed, []);
  assert.ok(
    counts.pass > 2 * counts.inconclusive && counts.pass > 30 * NIGHTLY_TIMES,
    JSON.stringify(counts),
  );
});

test('simulated runs in which nothing is ejected: nothing is judged', () => {
  for (let seed = 1; seed <= 10 * NIGHTLY_TIMES; seed++) {
    const { rules } = ejectionsOf(simulate(quietSetup(seed)), 'known');
    assert.deepEqual(
      rules.flatMap(({ checks }) => checks),
      [],
      `seed ${seed}`,
    );
  }
});

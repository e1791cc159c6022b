/** Two gateway replicas eject separately: while only one has, the endpoint gets half of its traffic. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { ejectionsOf } from '../../support/ejection-sim/fold.js';
import { simEndpoint, simRule, simSetup } from '../../support/ejection-sim/setup.js';
import { simulate } from '../../support/ejection-sim/simulate.js';
import { NIGHTLY_TIMES } from '../../support/nightly.js';

/** Of about 600 requests per second; the chance to miss a half of a third in that time is far below one in a million. */
const LONG_ENOUGH_MS = 2000;

function runWith(seed: number) {
  const faults = [{ kind: 'status', status: 500, rate: 1, fromMs: 3000, toMs: 3400 } as const];
  const endpoints = ['v1-0', 'v1-1', 'v1-2'].map((name, i) =>
    simEndpoint(name, 20, i === 0 ? { faults } : {}),
  );
  const rule = simRule({ intervalMs: 4000, baseEjectionTimeMs: 1000, maxEjectionPercent: 50 });
  return simulate(
    simSetup([{ name: 'v1', weight: 1, balancer: 'ROUND_ROBIN', rule, endpoints }], {
      seed,
      durationMs: 14_000,
      // Connections are divided evenly among the replicas, and kept busy evenly.
      load: { mode: 'closed', connections: 12, requests: 1_000_000 },
      gateway: { replicas: 2, workers: 2 },
    }),
  );
}

for (const rules of ['known', 'unknown'] as const) {
  test(`rules ${rules}: a part of the traffic is told as a part, and all of it as all`, () => {
    let partial = 0;
    for (let seed = 1; seed <= 8 * NIGHTLY_TIMES; seed++) {
      const run = runWith(seed);
      const [one, other] = run.absences;
      assert.ok(run.absences.length === 2 && one !== undefined && other !== undefined);
      const backs = [one.backMs ?? 0, other.backMs ?? 0].sort((a, b) => a - b) as [number, number];
      const bothFromMs = Math.max(one.outMs, other.outMs);
      const { windows } = ejectionsOf(run, rules);
      const where = `seed ${seed}: ${JSON.stringify(run.absences)} ${JSON.stringify(windows)}`;
      for (const { endpoint, startMs, endMs } of windows) {
        assert.equal(endpoint, 'v1-0', where);
        assert.ok((startMs ?? 0) > 2500 && (endMs ?? 0) < backs[1] + 500, where);
      }
      const whole = windows.filter(({ fraction }) => fraction === 1);
      assert.equal(whole.length, 1, where);
      assert.ok(Math.abs((whole[0]?.startMs ?? 0) - bothFromMs) < 100, where);
      assert.ok(Math.abs((whole[0]?.endMs ?? 0) - backs[0]) < 100, where);
      if (backs[1] - backs[0] < LONG_ENOUGH_MS) continue;
      partial += 1;
      const part = windows.find(({ fraction }) => fraction < 1);
      assert.ok(part !== undefined, `no part of its traffic is missed in ${where}`);
      assert.ok(part.fraction > 0.35 && part.fraction < 0.65, where);
      assert.ok((part.endMs ?? 0) > backs[0] + (backs[1] - backs[0]) / 2, where);
    }
    assert.ok(partial >= 3, `${partial} seeds have only one replica out for long`);
  });
}

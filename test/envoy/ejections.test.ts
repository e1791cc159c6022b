/** Ejections by a real Envoy at random times: compares what was found with its event log and the backends' records. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startLab } from '../../src/lab/lab.js';
import { drawCase } from '../support/ejection-cases.js';
import { runCase } from '../support/ejection-envoy.js';
import { envoyForTests } from '../support/envoy.js';
import { sample } from '../support/envoy-lab.js';
import type { MaxLate } from '../support/event-log.js';
import { readManifestTexts } from '../support/manifests.js';

/**
 * `npm run ejections` has longer runs and judges times to the millisecond. Here other tests may keep the machine busy, so
 * Envoy's threads and this process may be late.
 */
const TOLERANCE_MS = { bounds: 250, end: 500 };
const MAX_LATE: MaxLate = { timersMs: 50, arrivalsMs: 250 };

/** All three settings, one to three failing endpoints, once with a balancer that draws at random. */
const SEEDS = [7, 8, 9, 31];

for (const seed of SEEDS) {
  test(`seed ${seed}: every window of the log with enough traffic is found, none is invented`, async (t) => {
    if (envoyForTests(t) === undefined) return;
    const { drawn, windows, wrong, heldUpMs } = await runCase(drawCase(seed, 10_000), TOLERANCE_MS, MAX_LATE);
    t.diagnostic(`${drawn.faults.join(' ')}; held up for ${heldUpMs.toFixed(0)} ms`);
    for (const { pod, outMs, backMs, elsewhere, enough, found } of windows) {
      t.diagnostic(
        `${pod} ${outMs.toFixed(0)} to ${backMs?.toFixed(0) ?? '-'} ms, ${elsewhere} requests elsewhere, enough ${enough}, found ${found !== null}`,
      );
    }
    assert.ok(
      windows.some(({ enough }) => enough),
      'there is a window to be found',
    );
    assert.deepEqual(wrong, []);
  });
}

test('a folder that is not there for the event log: Envoy says so, and nothing is left running', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-log-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const manifests = await readManifestTexts(...['gateway', 'httproute-50-50'].map(sample));
  await assert.rejects(
    startLab({ manifests, envoy: { path: null }, outlierLogPath: join(folder, 'none', 'events.json') }),
    { name: 'UserError', message: /events\.json/ },
  );
});

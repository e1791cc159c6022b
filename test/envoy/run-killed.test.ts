/** The gateway dies in mid-run and comes back: the run goes on, and nothing is lost from its accounts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveCounts } from '../../src/analysis/live-counts.js';
import { exitCode } from '../../src/cli/verdict-exit.js';
import { startBackends } from '../../src/lab/backends/backends.js';
import { startLabEnvoy } from '../../src/lab/envoy/start-lab-envoy.js';
import { planTopology } from '../../src/lab/mesh/plan-topology.js';
import { run } from '../../src/run.js';
import { envoyForTests } from '../support/envoy.js';
import { assertAccounted, planOf, sample, total } from '../support/envoy-lab.js';
import { readManifestTexts } from '../support/manifests.js';
import { lastingPort } from '../support/servers.js';

const CONNECTIONS = 8;

test('Envoy is killed and started again at the same port: failures are named, successes follow', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = ['deployments', 'gateway', 'httproute-50-50'].map(sample);
  const read = await readManifestTexts(...manifests);
  const backends = await startBackends(planTopology(read), {
    tellEndpoint: false,
    treat: () => ({ delayMs: 2, answer: null }),
  });
  t.after(() => backends.close());
  const start = (port: number) =>
    startLabEnvoy({
      manifests: read,
      topology: backends.topology,
      certificate: null,
      defaultRetries: true,
      listenOn: new Map([[80, port]]),
    });
  const first = await start(await lastingPort());
  t.after(() => first.stop());
  const url = first.urls.http ?? assert.fail('no listener');

  // The run ends when there were enough answers after the restart, however long that takes.
  const abort = new AbortController();
  let phase: 'before' | 'restarting' | 'after' = 'before';
  let atRestart = { attributed: 0, failed: 0 };
  let restarted: Promise<void> = Promise.resolve();
  const restart = async (live: () => LiveCounts) => {
    process.kill(first.envoy.pid, 'SIGKILL');
    await first.envoy.ended;
    await waitFor(() => live().failed >= 2 * CONNECTIONS);
    const second = await start(Number(new URL(url).port));
    t.after(() => second.stop());
    assert.equal(second.urls.http, url);
    const { attributed, failed } = live();
    atRestart = { attributed, failed };
    phase = 'after';
  };
  const flags = { duration: '60s', connections: String(CONNECTIONS), timeout: '30s' };
  const result = await run(await planOf(url, manifests, flags), {
    signal: abort.signal,
    onProgress: (live) => {
      const { attributed } = live();
      if (phase === 'before' && attributed > 200) {
        phase = 'restarting';
        restarted = restart(live).catch((error: unknown) => {
          abort.abort();
          throw error;
        });
      } else if (phase === 'after' && attributed > atRestart.attributed + 200) {
        abort.abort();
      }
    },
  });
  await restarted;

  assertAccounted(result);
  const { attributed, unattributed, failed, cutOff } = result.requests;
  assert.ok(attributed > atRestart.attributed + 200);
  assert.equal(unattributed, 0);
  assert.equal(result.ended, 'interrupted');
  assert.equal(exitCode(result, false), 130);
  assert.ok(cutOff <= CONNECTIONS, `${cutOff} cut off`);
  // What was under way was reset or closed, and then nobody listened.
  const { refused = 0, reset = 0, closed = 0, truncated = 0, ...others } = result.failures;
  assert.deepEqual(others, {});
  assert.ok(refused > 0);
  assert.ok(reset + closed + truncated > 0, JSON.stringify(result.failures));
  assert.equal(total(result.failures), failed);
  assert.ok(result.notes.some(({ code, text }) => code === 'failure-sample' && text.includes('refused')));
  t.diagnostic(`${attributed} answered, ${JSON.stringify(result.failures)}`);
});

async function waitFor(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 60_000; !condition(); ) {
    assert.ok(performance.now() < deadline, 'the condition was not met in time');
    await delay(10);
  }
}

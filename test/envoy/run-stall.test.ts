/** Open loop through a stall: what waited for its turn was late too, and only the due time shows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { LatencyResult } from '../../src/analysis/result.js';
import { envoyForTests } from '../support/envoy.js';
import { planOf, sample, startEnvoyLab, weigh } from '../support/envoy-lab.js';

/** How many values are at least `us`, as precise as the histogram is. */
function atLeast(us: number, { histogram, count }: LatencyResult): number {
  const decoded = decodeFromCompressedBase64(histogram);
  let found = 0;
  // The value at the rank counted from the top; the fraction keeps rounding away from the next rank.
  while (found < count && decoded.getValueAtPercentile((100 * (count - found - 0.3)) / count) >= us)
    found += 1;
  return found;
}

function told({ percentiles: p }: LatencyResult): string {
  const ms = (us: number | null | undefined) => `${((us ?? Number.NaN) / 1000).toFixed(1)} ms`;
  return `p50 ${ms(p['50'])}, p90 ${ms(p['90'])}, p95 ${ms(p['95'])}, p99 ${ms(p['99'])}, p99.9 ${ms(p['99.9'])}`;
}

test('1,000/s through a stall of 300 ms: latencyUs shows it, serviceTimeUs alone would not', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = ['deployments', 'gateway', 'httproute-50-50'].map(sample);
  const lab = await startEnvoyLab(t, manifests);
  // 10 requests in flight at most: 10 meet the stall themselves, some 290 more fall due during it.
  const flags = { rate: '1000', duration: '3s', connections: '10' };
  const plan = await planOf(lab.urls.http, manifests, flags);
  let set = false;
  const { result } = await weigh(lab, plan, {
    // The first answers are in: the load runs.
    onProgress: () => {
      if (!set) lab.setFault('*:stall=300ms,after=500ms');
      set = true;
    },
  });
  const { latencyUs, serviceTimeUs } = result.overall;
  const late = atLeast(200_000, latencyUs);
  const slow = atLeast(200_000, serviceTimeUs);
  t.diagnostic(`latencyUs ${told(latencyUs)}; ${late} requests of 200 ms or more`);
  t.diagnostic(`serviceTimeUs ${told(serviceTimeUs)}; ${slow} requests of 200 ms or more`);

  const { scheduled, attributed, failed, cutOff } = result.requests;
  assert.equal(scheduled, 3000);
  assert.equal(failed, 0);
  // A machine that does less than 1,000/s leaves some unsent at the end, and says so.
  assert.equal(attributed + cutOff, 3000);

  // Due at 1 ms from each other and all held until the end of the stall: the one due k ms after its
  // beginning is at least 300 − k ms late. A slower machine only adds to that.
  assert.ok(late >= 95, `${late} requests are at least 200 ms late`);
  assert.ok((latencyUs.percentiles['99'] ?? 0) >= 250_000);
  assert.ok((latencyUs.percentiles['95'] ?? 0) >= 140_000);
  // At any time 10 are in flight, so that 10 see the stall from their sending on. What a machine that loses its
  // core slows down besides is slow from its sending and late both.
  assert.ok(slow >= 1 && late - slow >= 80, `${slow} requests took 200 ms from their sending`);
  const [due, sent] = [latencyUs, serviceTimeUs].map(({ percentiles }) => percentiles['95'] ?? 0);
  assert.ok((sent as number) < (due as number) / 2, `p95 ${due} µs, from the sending ${sent} µs`);
  assert.ok((serviceTimeUs.max ?? 0) >= 250_000);
});

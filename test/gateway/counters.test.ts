import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counterDeltas } from '../../src/gateway/counters.js';
import { clusterOf } from '../support/gateway-word.js';

const V2 = clusterOf('backend-v2');

function stats(values: Record<string, number>): Map<string, number> {
  return new Map(Object.entries(values));
}

const of = (counter: string) => `cluster.${V2};.${counter}`;

test('counters are told by what they grew, the gauge, old names and what did not grow are left out', () => {
  const before = stats({
    [of('outlier_detection.ejections_enforced_total')]: 3,
    [of('outlier_detection.ejections_overflow')]: 1,
    [of('outlier_detection.ejections_active')]: 1,
    [of('upstream_rq_pending_overflow')]: 7,
    'cluster.plain.outlier_detection.ejections_enforced_consecutive_5xx': 1,
  });
  const after = stats({
    [of('outlier_detection.ejections_enforced_total')]: 5,
    [of('outlier_detection.ejections_overflow')]: 1,
    [of('outlier_detection.ejections_active')]: 5,
    [of('outlier_detection.ejections_total')]: 5,
    [of('upstream_rq_pending_overflow')]: 7,
    [of('upstream_rq_active_overflow')]: 2,
    'cluster.plain.outlier_detection.ejections_enforced_consecutive_5xx': 2,
  });
  assert.deepEqual(counterDeltas(before, after), {
    counters: {
      [V2]: {
        'outlier_detection.ejections_enforced_total': 2,
        'outlier_detection.ejections_overflow': 0,
        upstream_rq_active_overflow: 2,
      },
      plain: { 'outlier_detection.ejections_enforced_consecutive_5xx': 1 },
    },
    remarks: [],
  });
});

test('a default Istio proxy keeps none: the annotation that brings them is printed, and is read as YAML or JSON', () => {
  const own = stats({
    'cluster.xds-grpc.upstream_rq_pending_overflow': 0,
    'cluster_manager.cluster_updated_via_merge': 0,
  });
  const { counters, remarks } = counterDeltas(own, own);
  assert.equal(counters, null);
  const [, config = ''] = /proxy\.istio\.io\/config: '(.*)'$/.exec(remarks[0] as string) ?? [];
  const { proxyStatsMatcher } = JSON.parse(config) as { proxyStatsMatcher: { inclusionRegexps: string[] } };
  const kept = (name: string) =>
    proxyStatsMatcher.inclusionRegexps.some((pattern) => new RegExp(`^(?:${pattern})$`).test(name));
  assert.ok(kept(of('outlier_detection.ejections_enforced_total')));
  assert.ok(kept(of('upstream_rq_pending_overflow')));
  assert.ok(!kept(of('upstream_rq_total')));
});

test('counters without outlier detection, a restart, and merged host-set changes are remarks', () => {
  const none = stats({ [of('upstream_rq_pending_overflow')]: 0 });
  assert.match(counterDeltas(none, none).remarks.join(), /no cluster with outlier detection/);
  assert.deepEqual(counterDeltas(none, none).counters, {});
  const total = of('outlier_detection.ejections_enforced_consecutive_5xx');
  const fell = counterDeltas(stats({ [total]: 9 }), stats({ [total]: 2 }));
  assert.deepEqual(fell.counters, { [V2]: { 'outlier_detection.ejections_enforced_consecutive_5xx': 2 } });
  assert.match(fell.remarks.join(), /it was restarted during the run/);
  const merged = 'cluster_manager.cluster_updated_via_merge';
  const late = counterDeltas(stats({ [total]: 0, [merged]: 4 }), stats({ [total]: 1, [merged]: 6 }));
  assert.match(late.remarks.join(), /merge window 2 times/);
});

test('of many clusters a bounded number is kept, those with something in them first', () => {
  const names = Array.from(
    { length: 400 },
    (_, i) => `cluster.c${1000 + i}.outlier_detection.ejections_enforced_total`,
  );
  const before = stats(Object.fromEntries(names.map((name) => [name, 0])));
  const after = stats(Object.fromEntries(names.map((name, i) => [name, i === 399 ? 1 : 0])));
  const { counters, remarks } = counterDeltas(before, after);
  assert.equal(Object.keys(counters ?? {}).length, 256);
  assert.ok(counters?.['c1399'] !== undefined);
  assert.match(remarks.join(), /256 of 400 clusters/);
});

test('a gateway with names without end costs little, and few of them are kept', () => {
  const many = stats(
    Object.fromEntries([
      ...Array.from({ length: 60_000 }, (_, i) => [
        `cluster.c${i}.outlier_detection.ejections_overflow`,
        i % 2,
      ]),
      ...Array.from({ length: 60_000 }, (_, i) => [`cluster.c.outlier_detection.x${i}`, 1]),
    ]),
  );
  const before = process.cpuUsage();
  const { counters } = counterDeltas(stats({}), many);
  const { user, system } = process.cpuUsage(before);
  assert.equal(Object.keys(counters ?? {}).length, 256);
  assert.equal(Object.keys(counters?.['c'] ?? {}).length, 64);
  // Comparing each cluster with all others takes several times as long.
  assert.ok(user + system < 3e6, `${user + system} µs`);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayCounts, overflowsOf } from '../../../src/analysis/limits/gateway-counts.js';
import { clusterOf } from '../../support/gateway-word.js';

const counted = (pending: number, active: number | null) => ({
  overflows: { pending, active, connection: 1, retry: 0 },
  remaining: null,
});

test('clusters of the versions that answered count; those of other services do not', () => {
  const clusters = new Map([
    [clusterOf('backend-v1'), counted(5, 2)],
    [clusterOf('backend-v2'), counted(3, null)],
    [clusterOf('checkout'), counted(100, 100)],
  ]);
  const { clusters: rows, overflows } = gatewayCounts(
    { clusters, remarks: [] },
    ['backend-v1', 'backend-v2'],
    11,
  );
  assert.deepEqual(
    rows.map(({ version, pendingOverflow, activeOverflow }) => [version, pendingOverflow, activeOverflow]),
    [
      ['backend-v1', 5, 2],
      ['backend-v2', 3, null],
    ],
  );
  assert.deepEqual(overflows, { client: 11, gateway: 10 });
});

test('where names do not show the version all clusters count', () => {
  const { clusters, overflows } = gatewayCounts(
    { clusters: new Map([['something', counted(4, 0)]]), remarks: [] },
    ['v1'],
    4,
  );
  assert.equal(clusters[0]?.version, null);
  assert.deepEqual(overflows, { client: 4, gateway: 4 });
});

test('a gateway that keeps no counters has no overflows, not zero', () => {
  const { clusters, overflows, remarks } = gatewayCounts({ clusters: null, remarks: ['why'] }, ['v1'], 4);
  assert.deepEqual([clusters, overflows, remarks], [[], null, ['why']]);
});

test('a step counts the overflows of the same clusters', () => {
  const overflows = (pending: number, active: number | null) => ({
    pending,
    active,
    connection: 0,
    retry: 0,
  });
  const clusters = new Map([
    [clusterOf('backend-v1'), overflows(5, 2)],
    [clusterOf('checkout'), overflows(100, 100)],
  ]);
  assert.deepEqual(overflowsOf(clusters, ['backend-v1']), { pending: 5, active: 2 });
  assert.deepEqual(overflowsOf(new Map([['x', overflows(3, null)]]), ['v1']), { pending: 3, active: null });
  assert.deepEqual(overflowsOf(new Map(), ['v1']), { pending: 0, active: 0 });
});

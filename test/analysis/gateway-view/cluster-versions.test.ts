import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterVersions } from '../../../src/analysis/gateway-view/cluster-versions.js';
import { clusterOf } from '../../support/gateway-word.js';

function meant(clusters: readonly string[], versions: readonly string[]): string[] {
  return [...clusterVersions(clusters, versions).values()].map((means) =>
    means.kind === 'version' ? means.version : `(${means.kind})`,
  );
}

const V1 = clusterOf('backend-v1');
const V2 = clusterOf('backend-v2');

test('the service is what manifests call the version; with a subset both are in its name', () => {
  assert.deepEqual(meant([V1, V2], ['backend-v1', 'backend-v2']), ['backend-v1', 'backend-v2']);
  const subsets = [clusterOf('backend', 'v1'), clusterOf('backend', 'v2')];
  assert.deepEqual(meant(subsets, ['backend-v1', 'backend-v2']), ['backend-v1', 'backend-v2']);
  assert.deepEqual(meant(subsets, ['v1', 'v2']), ['v1', 'v2']);
});

test('--expect v1 and v2, or what backends say of themselves, are words of the service or the other way round', () => {
  assert.deepEqual(meant([V1, V2], ['v1', 'v2']), ['v1', 'v2']);
  assert.deepEqual(meant([V1, V2], ['hello from backend v1', 'hello from backend v2']), [
    'hello from backend v1',
    'hello from backend v2',
  ]);
});

test('where some clusters are versions, the others are not of this run', () => {
  const clusters = [V2, clusterOf('payments'), 'xds-grpc', clusterOf('backend')];
  assert.deepEqual(meant(clusters, ['backend-v1', 'backend-v2']), [
    'backend-v2',
    '(foreign)',
    '(foreign)',
    '(foreign)',
  ]);
});

test('names that say nothing leave it open, as with one cluster for a whole rule', () => {
  assert.deepEqual(meant(['httproute/default/backend/rule/0'], ['backend-v1', 'backend-v2']), ['(unknown)']);
  assert.deepEqual(meant([V1, V2], ['blue', 'green']), ['(unknown)', '(unknown)']);
  assert.deepEqual(meant([], ['v1']), []);
});

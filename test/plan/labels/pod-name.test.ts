import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPodSuffix, workloadOf } from '../../../src/plan/labels/pod-name.js';

test('workloadOf removes what controllers append', () => {
  const cases: [string, string][] = [
    ['echo-v1-7d9f8b6c5d-x2x4z', 'echo-v1'],
    ['echo-v1-5c9b7f8d44-zzzzz', 'echo-v1'],
    ['web-0', 'web'],
    ['web-12', 'web'],
    ['node-agent-x2x4z', 'node-agent'],
    ['echo-v1', 'echo-v1'],
    ['echo-canary', 'echo-canary'],
    ['echo-v1-stable', 'echo-v1-stable'],
    ['echo', 'echo'],
    ['', ''],
  ];
  for (const [pod, workload] of cases) assert.equal(workloadOf(pod), workload, pod);
});

test('isPodSuffix knows an appended part from another word of a name', () => {
  for (const rest of ['-7d9f8b6c5d-x2x4z', '-x2x4z', '-0']) assert.equal(isPodSuffix(rest), true, rest);
  for (const rest of ['-canary', '-v2', '-7d9f8b6c5d-x2x4z-b', '-green', '', '-']) {
    assert.equal(isPodSuffix(rest), false, rest);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuQuota, usableCores } from '../../../src/probes/load/cores.js';

const files = (texts: Readonly<Record<string, string>>) => (file: string) => {
  const text = texts[file];
  if (text === undefined) throw new Error('ENOENT');
  return text;
};
const V1 = '/sys/fs/cgroup/cpu/cpu.cfs_';

test('the quota of a control group, of version 2 and of version 1', () => {
  assert.equal(cpuQuota(files({ '/sys/fs/cgroup/cpu.max': '150000 100000\n' })), 1.5);
  assert.equal(cpuQuota(files({ '/sys/fs/cgroup/cpu.max': 'max 100000\n' })), null);
  assert.equal(cpuQuota(files({ [`${V1}quota_us`]: '50000\n', [`${V1}period_us`]: '100000\n' })), 0.5);
  assert.equal(cpuQuota(files({ [`${V1}quota_us`]: '-1\n', [`${V1}period_us`]: '100000\n' })), null);
  assert.equal(cpuQuota(files({})), null);
  assert.equal(cpuQuota(files({ '/sys/fs/cgroup/cpu.max': '' })), null);
});

test('whole cores, at least one, and no more than the quota is worth', () => {
  assert.deepEqual(
    [usableCores(8, null), usableCores(8, 1.5), usableCores(8, 0.2), usableCores(2, 16)],
    [8, 2, 1, 2],
  );
});

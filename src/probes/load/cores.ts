/** How many cores this process may use. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where Linux keeps the CPU time that a container may have: control groups of version 2, and of version 1. */
const QUOTA_V2 = '/sys/fs/cgroup/cpu.max';
const QUOTA_V1 = ['/sys/fs/cgroup/cpu/cpu.cfs_quota_us', '/sys/fs/cgroup/cpu/cpu.cfs_period_us'] as const;

/**
 * Cores by the control group's quota, which may be a part of one; null for no quota.
 *
 * @param read the text of a file
 */
export function cpuQuota(
  read: (file: string) => string = (file) => readFileSync(file, 'utf8'),
): number | null {
  try {
    return quotaOf(read(QUOTA_V2).trim().split(' '));
  } catch {
    try {
      return quotaOf(QUOTA_V1.map((file) => read(file).trim()));
    } catch {
      return null;
    }
  }
}

/** `max` and -1 are no quota. */
function quotaOf([quota, period]: readonly string[]): number | null {
  const cores = Number(quota) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : null;
}

/** Whole cores: those that the process may run on, and no more than its quota is worth. Node.js 20 leaves the quota out. */
export function usableCores(
  parallelism: number = availableParallelism(),
  quota: number | null = cpuQuota(),
): number {
  return quota === null ? parallelism : Math.max(1, Math.min(parallelism, Math.ceil(quota)));
}

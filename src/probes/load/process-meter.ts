/** Measures how busy the main thread is during a load, and what CPU all threads take. */
import { performance } from 'node:perf_hooks';
import type { ProcessUse } from '../../blocks/generator-use.js';
import { usableCores } from './cores.js';

/** From now on, until the returned function is called. */
export function meterProcess(): () => ProcessUse {
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      busyShare: performance.eventLoopUtilization(loop).utilization,
      cpuMs: (user + system) / 1000,
      cores: usableCores(),
    };
  };
}

/** Preloaded into a process (`node --import`): writes its highest memory (bytes) to file descriptor 3 when it ends. */
import { readFileSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** The kernel's own mark. `maxRSS` also knows the time before the program was loaded, as a copy of the one that started it. */
function peakBytes(): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

if (isMainThread) process.on('exit', () => writeSync(3, String(peakBytes())));

// Preloaded into a client (`node --import`): prints the CPU time and peak memory of all its threads when it exits.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stderr.write(
      `\nUSAGE ${JSON.stringify({ cpuUs: userCPUTime + systemCPUTime, maxRssKiB: maxRSS })}\n`,
    );
  });
}

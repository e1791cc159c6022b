// Preloaded into a client (`node --import`): at its end prints what the process cost, all threads together.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stderr.write(
      `\nUSAGE ${JSON.stringify({ cpuUs: userCPUTime + systemCPUTime, maxRssKiB: maxRSS })}\n`,
    );
  });
}

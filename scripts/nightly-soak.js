// Memory must not grow with the length of a run: compares 2,000,000 requests with 600,000; both must stay below 200 MB.
// Shorter runs need less, because they end before the search for ejections holds its maximum (docs/bounds.md).
import { runClient } from '../bench/rounds.js';
import { startServer } from '../bench/servers.js';
import { normal } from '../bench/weighbridge.js';

const MAX_MIB = 200e6 / 1024 / 1024;
/** How much more the longer run may use. Measured: less than 1 MiB, but garbage collection varies. */
const MAX_GROWTH_MIB = 16;

const server = await startServer();
const peakMib = async (requests) => {
  const words = normal.closed({ url: server.url, requests, connections: 64 });
  const { completed, maxRssKiB } = await runClient(normal, words);
  if (completed !== requests) throw new Error(`attributed ${completed} of ${requests}`);
  console.log(`${requests.toLocaleString('en-US')} requests: ${(maxRssKiB / 1024).toFixed(1)} MiB at most`);
  return maxRssKiB / 1024;
};
try {
  const short = await peakMib(600_000);
  const long = await peakMib(2_000_000);
  if (long > MAX_MIB || long - short > MAX_GROWTH_MIB) {
    console.error(
      `That is too much: at most ${MAX_MIB.toFixed(0)} MiB, and ${MAX_GROWTH_MIB} MiB more than the short run.`,
    );
    process.exitCode = 1;
  }
} finally {
  await server.stop();
}

// Cost of `--save` and `--samples`: CPU per request with and without them, in turn.
//   node bench/save.js            rounds of 400,000 requests, and peak memory when 2,000,000 are saved
//   node bench/save.js --quick    rounds of 100,000 requests only
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, startServer, weighbridge } from './processes.js';

const quick = process.argv.includes('--quick');
const REQUESTS = quick ? 100_000 : 400_000;
const ROUNDS = 5;
const CONNECTIONS = 64;

const folder = mkdtempSync(join(tmpdir(), 'weighbridge-bench-'));
const file = join(folder, 'samples');
const ways = { plain: [], save: ['--save', file], samples: ['--samples', file] };
const server = await startServer();
try {
  const perRequest = { plain: [], save: [], samples: [] };
  const names = Object.keys(ways);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let i = 0; i < names.length; i += 1) {
      const name = names[(round + i) % names.length];
      const { cpuUs } = await weighbridge(server.url, REQUESTS, CONNECTIONS, ways[name]);
      perRequest[name].push(cpuUs / REQUESTS);
    }
    const [plain, save, samples] = names.map((name) => perRequest[name].at(-1));
    console.log(
      `round ${round + 1}: ${plain.toFixed(2)} µs of CPU per request; --save ${save.toFixed(2)} (${(save / plain).toFixed(3)}), --samples ${samples.toFixed(2)} (${(samples / plain).toFixed(3)})`,
    );
  }
  for (const name of ['save', 'samples']) {
    const ratios = perRequest[name].map((cost, round) => cost / perRequest.plain[round]);
    console.log(
      `--${name}: median ratio ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)})`,
    );
  }
  if (!quick) {
    const { maxRssKiB } = await weighbridge(server.url, 2_000_000, CONNECTIONS, ways.save);
    console.log(`2,000,000 requests saved: peak memory ${(maxRssKiB / 1024).toFixed(1)} MiB`);
  }
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}

// Compares weighbridge with autocannon: CPU per request, in turn, the server on one core and the client on the other.
//   npm run bench            rounds of 400,000 requests, and the memory run of 2,000,000
//   npm run bench -- --quick rounds of 50,000 requests only
import { createRequire } from 'node:module';
import { client, median, startServer, weighbridge } from './processes.js';

const quick = process.argv.includes('--quick');
const REQUESTS = quick ? 50_000 : 400_000;
const ROUNDS = quick ? 3 : 5;
const CONNECTIONS = 64;

const server = await startServer();
const { url } = server;
const autocannon = createRequire(import.meta.url).resolve('autocannon/autocannon.js');

const clients = {
  weighbridge: (requests) => weighbridge(url, requests, CONNECTIONS),
  autocannon: (requests) =>
    client([autocannon, '-c', String(CONNECTIONS), '-a', String(requests), '--json', url]),
};

try {
  const perRequest = { weighbridge: [], autocannon: [] };
  const ratios = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const order = round % 2 === 1 ? ['weighbridge', 'autocannon'] : ['autocannon', 'weighbridge'];
    const cost = {};
    for (const name of order) {
      const { cpuUs } = await clients[name](REQUESTS);
      cost[name] = cpuUs / REQUESTS;
      perRequest[name].push(cost[name]);
    }
    ratios.push(cost.weighbridge / cost.autocannon);
    console.log(
      `round ${round}: weighbridge ${cost.weighbridge.toFixed(2)} µs, autocannon ${cost.autocannon.toFixed(2)} µs of CPU per request, ratio ${ratios.at(-1).toFixed(3)}`,
    );
  }
  console.log(
    `median: weighbridge ${median(perRequest.weighbridge).toFixed(2)} µs, autocannon ${median(perRequest.autocannon).toFixed(2)} µs, ratio ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)})`,
  );
  if (!quick) {
    const small = await clients.weighbridge(200_000);
    const large = await clients.weighbridge(2_000_000);
    console.log(
      `peak memory: ${(small.maxRssKiB / 1024).toFixed(1)} MiB in a run of 200,000 requests, ${(large.maxRssKiB / 1024).toFixed(1)} MiB in one of 2,000,000`,
    );
  }
} finally {
  server.stop();
}

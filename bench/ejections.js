// Cost of the search for ejections: CPU per request with and without it, in turn. Every response names its endpoint.
//   node bench/ejections.js            rounds of 400,000 requests
//   node bench/ejections.js --quick    rounds of 100,000 requests
import { client, median, startServer } from './processes.js';

const REQUESTS = process.argv.includes('--quick') ? 100_000 : 400_000;
const ROUNDS = 7;

async function cost(url, way) {
  const { out, cpuUs } = await client(['bench/one-run.js', url, String(REQUESTS), '64', way]);
  const { attributed, rows } = JSON.parse(out);
  if (attributed !== REQUESTS) throw new Error(`attributed ${attributed} of ${REQUESTS}`);
  if (rows !== (way === 'with' ? 6 : 0)) throw new Error(`${rows} endpoints ${way} looking for ejections`);
  return cpuUs / REQUESTS;
}

const server = await startServer('endpoints');
try {
  const ratios = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const us = {};
    for (const way of round % 2 === 1 ? ['with', 'without'] : ['without', 'with']) {
      us[way] = await cost(server.url, way);
    }
    ratios.push(us.with / us.without);
    console.log(
      `round ${round}: ${us.with.toFixed(2)} µs of CPU per request with, ${us.without.toFixed(2)} without, ratio ${ratios.at(-1).toFixed(3)}`,
    );
  }
  console.log(
    `median ratio ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)})`,
  );
} finally {
  server.stop();
}

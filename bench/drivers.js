// Compares the drivers of HTTP/1.1: CPU per request of whole runs, in turn, the server on one core and the client on the other.
//   node bench/drivers.js [REQUESTS] [ROUNDS] [SOURCE]    SOURCE: where the version is read, as for --version-from
import { median, startServer, weighbridge } from './processes.js';

const [requests = '100000', rounds = '5', source = 'body:/(v\\d)/'] = process.argv.slice(2);
const REQUESTS = Number(requests);
const CONNECTIONS = 64;

const server = await startServer();
try {
  const ratios = [];
  for (let round = 1; round <= Number(rounds); round += 1) {
    const cost = {};
    for (const driver of round % 2 === 1 ? ['wire', 'undici'] : ['undici', 'wire']) {
      const more = ['--driver', driver, '--version-from', source];
      const { cpuUs } = await weighbridge(server.url, REQUESTS, CONNECTIONS, more);
      cost[driver] = cpuUs / REQUESTS;
    }
    ratios.push(cost.wire / cost.undici);
    console.log(
      `round ${round}: wire ${cost.wire.toFixed(2)} µs, undici ${cost.undici.toFixed(2)} µs of CPU per request, ratio ${ratios.at(-1).toFixed(3)}`,
    );
  }
  console.log(
    `median ratio ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)})`,
  );
} finally {
  server.stop();
}

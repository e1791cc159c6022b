// Compares weighbridge with autocannon: CPU per request, interleaved, server on one core and client on the other.
//   npm run bench            rounds of 400,000 requests, and the memory run of 2,000,000
//   npm run bench -- --quick rounds of 50,000 requests only
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';

const quick = process.argv.includes('--quick');
const REQUESTS = quick ? 50_000 : 400_000;
const ROUNDS = quick ? 3 : 5;
const CONNECTIONS = 64;
const pinnable = cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0;
const pin = (core, command) => (pinnable ? ['taskset', '-c', String(core), ...command] : command);

function start(command) {
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    text.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text.err += chunk;
  });
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  return { child, text, ended };
}

async function client(command) {
  const run = start(pin(1, [process.execPath, '--import', './bench/usage.js', ...command]));
  const code = await run.ended;
  const usage = /USAGE (.*)/.exec(run.text.err);
  if (usage === null) throw new Error(`no usage from ${command.join(' ')} (code ${code}): ${run.text.err}`);
  return { ...JSON.parse(usage[1]), out: run.text.out };
}

const server = start(pin(0, [process.execPath, 'bench/server.js']));
while (!server.text.out.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 20));
const url = `http://127.0.0.1:${server.text.out.trim()}/`;
const autocannon = createRequire(import.meta.url).resolve('autocannon/autocannon.js');

const clients = {
  weighbridge: async (requests) => {
    const { out, ...usage } = await client([
      ...['bin/weighbridge.js', 'run', url, '--expect', 'v1=90,v2=10', '-c', String(CONNECTIONS)],
      ...['-n', String(requests), '--threads', '1', '--quiet', '--json', '-'],
    ]);
    const { requests: counts } = JSON.parse(out);
    if (counts.attributed !== requests) throw new Error(`attributed ${counts.attributed} of ${requests}`);
    return usage;
  },
  autocannon: (requests) =>
    client([autocannon, '-c', String(CONNECTIONS), '-a', String(requests), '--json', url]),
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

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
  server.child.kill();
}

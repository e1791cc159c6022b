// Shared by the benchmarks: starts the server on one core and a client on another, and measures the client.
import { spawn, spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

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

/** Starts the server. @returns its URL, and a function that stops it */
export async function startServer(...words) {
  const server = start(pin(0, [process.execPath, 'bench/server.js', ...words]));
  while (!server.text.out.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 20));
  return { url: `http://127.0.0.1:${server.text.out.trim()}/`, stop: () => server.child.kill() };
}

/** Runs a client until it exits. @returns its output, CPU time (µs, all threads) and peak memory (KiB) */
export async function client(command) {
  const run = start(pin(1, [process.execPath, '--import', './bench/usage.js', ...command]));
  const code = await run.ended;
  const usage = /USAGE (.*)/.exec(run.text.err);
  if (usage === null) throw new Error(`no usage from ${command.join(' ')} (code ${code}): ${run.text.err}`);
  return { ...JSON.parse(usage[1]), out: run.text.out };
}

/** Runs weighbridge in a closed loop on one worker thread; throws unless every request was attributed. */
export async function weighbridge(url, requests, connections, more = []) {
  const { out, ...usage } = await client([
    ...['bin/weighbridge.js', 'run', url, '--expect', 'v1=90,v2=10', '-c', String(connections)],
    ...['-n', String(requests), '--threads', '1', '--quiet', '--json', '-', ...more],
  ]);
  const { requests: counts } = JSON.parse(out);
  if (counts.attributed !== requests) throw new Error(`attributed ${counts.attributed} of ${requests}`);
  return usage;
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

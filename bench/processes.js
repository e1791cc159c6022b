// Starts servers on one core and clients on another, and measures the clients.
import { spawn, spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

const SERVER_CORE = 0;
const CLIENT_CORE = 1;
/** No client takes longer than this, or it hangs. */
const CLIENT_LIMIT_MS = 300_000;

/** Whether servers and clients have a core of their own. */
export const pinned = cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0;
const pin = (core, command) => (pinned ? ['taskset', '-c', String(core), ...command] : command);

const running = new Set();
process.on('exit', () => {
  for (const child of running) end(child);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** Each child has a process group of its own, so that what it started ends with it. */
function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function start(command) {
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  running.add(child);
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    text.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text.err += chunk;
  });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => running.delete(child));
  ended.catch(() => {});
  return { child, text, ended };
}

/**
 * Starts a server.
 * @param isReady asks its output so far
 * @returns its process id, what it has printed, and a function that stops it
 */
export async function startProcess(command, isReady) {
  const { child, text, ended } = start(pin(SERVER_CORE, command));
  let over = false;
  ended
    .catch(() => {})
    .finally(() => {
      over = true;
    });
  while (!isReady(text.out)) {
    if (over) throw new Error(`${command.join(' ')} ended: ${text.err}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const stop = async () => {
    end(child);
    await ended.catch(() => {});
  };
  return { pid: child.pid, out: text.out, stop };
}

/**
 * Runs a client until it exits.
 * @returns its output and exit code, CPU time of all its processes (µs), wall time (µs) and peak memory (KiB)
 */
export async function client(command) {
  const run = start(pin(CLIENT_CORE, ['python3', 'bench/rusage.py', ...command]));
  const limit = setTimeout(() => end(run.child), CLIENT_LIMIT_MS);
  const code = await run.ended.finally(() => clearTimeout(limit));
  const usage = /USAGE (.*)/.exec(run.text.err);
  if (usage === null) throw new Error(`no usage from ${command.join(' ')} (code ${code}): ${run.text.err}`);
  return { ...JSON.parse(usage[1]), ...run.text, code };
}

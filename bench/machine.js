// How much of the machine others used while something was measured.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Linux counts the CPU time of processes in ticks of 10 ms. */
const TICK_MS = 10;

const busyMs = () =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);

/** CPU time of a process so far (ms). 0 where the system does not say it. */
function processMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0;
  }
}

/**
 * Runs a client against a server.
 * @param run gives the client's `cpuUs` and `wallUs`
 * @returns that, and in cores: what the server used (`serverCores`) and what other processes did (`othersCores`)
 */
export async function withCores(serverPid, run) {
  const [began, busy, server] = [performance.now(), busyMs(), processMs(serverPid)];
  const result = await run();
  const serverMs = processMs(serverPid) - server;
  const wallMs = performance.now() - began;
  const othersMs = busyMs() - busy - serverMs - result.cpuUs / 1000;
  const serverCores = serverMs / (result.wallUs / 1000);
  return { ...result, serverCores, othersCores: Math.max(0, othersMs / wallMs) };
}

/** What the figures of a machine mean for runs, and what to do. */
import { CROWDED_SHARE } from '../../blocks/generator-use.js';
import { inSeconds, time } from '../../text/durations.js';
import { count, counted, plain, rate } from '../../text/numbers.js';
import { percentOf } from '../notes/note-maker.js';
import { COMFORTABLE_SHARE } from './checks.js';
import type {
  ClosedLoopResult,
  DoctorFinding,
  DoctorResult,
  MachineResult,
  OpenLoopResult,
} from './result.js';

/** From this load average per core on, others matter. */
const CROWDED_LOAD = 0.5;
/** Garbage collection and stalls that show in latencies. */
const MUCH_GC_SHARE = 0.1;
const LONG_STALL_MS = 20;
/** A closed connection keeps its local port for so long (Linux: TIME_WAIT), s. */
const PORT_KEPT_S = 60;

export function doctorFindings({
  machine,
  closedLoop,
  openLoop,
}: Pick<DoctorResult, 'machine' | 'closedLoop' | 'openLoop'>): DoctorFinding[] {
  return [
    ...rateFinding(closedLoop),
    ...threads(closedLoop, machine),
    ...(openLoop === null ? [] : lateness(openLoop)),
    ...cores(machine, closedLoop),
    ...stalls(closedLoop),
    ...connections(machine),
    ...ports(machine),
  ];
}

function rateFinding({ requestsPerSecond, clientLimited }: ClosedLoopResult): DoctorFinding[] {
  if (requestsPerSecond === 0) return [];
  const comfortable = `${count(requestsPerSecond * COMFORTABLE_SHARE)} requests per second`;
  const text = clientLimited
    ? `Measure at rates up to ${comfortable}. Above, less than half of a thread's time is left, and requests are late when anything else happens.`
    : `The client was not the limit: the echo server or other programs were. Rates up to ${comfortable} can be sent in any case.`;
  return [{ kind: 'rate', text }];
}

function threads(
  { threads: used, driver }: ClosedLoopResult,
  { cores: all }: MachineResult,
): DoctorFinding[] {
  const ways = [
    ...(used < all ? [`--threads ${used + 1}`] : []),
    ...(driver === 'undici' ? ['--driver wire'] : []),
  ];
  if (ways.length === 0) return [];
  return [
    {
      kind: 'threads',
      text: `More may be had with ${ways.join(' and with ')}: try weighbridge doctor with it.`,
    },
  ];
}

function lateness({ ratePerSecond, latenessUs, failed }: OpenLoopResult): DoctorFinding[] {
  if (latenessUs === null) return [];
  const unsent = failed === 0 ? '' : ` ${counted(failed, 'request')} got no answer.`;
  const tail = latenessUs.p99 === null ? '' : `, 1 % of them more than ${time(latenessUs.p99)}`;
  const text =
    `At ${rate(ratePerSecond)} requests are written ${time(latenessUs.p50)} after they are due (median)${tail}. Latencies of a run ` +
    `include that: differences that are smaller say nothing.${unsent}`;
  return [{ kind: 'lateness', text }];
}

function cores(
  { cores: all, cpuQuota, loadAverage }: MachineResult,
  { generator }: ClosedLoopResult,
): DoctorFinding[] {
  const noCore = generator?.noCoreShare ?? 0;
  const said = [
    ...(cpuQuota === null || cpuQuota >= all
      ? []
      : [
          `The container may use ${plain(cpuQuota)} cores (its CPU limit): beyond that all threads are stopped for parts of each 100 ms. Raise it, or remove it for the generator.`,
        ]),
    ...(loadAverage !== null && loadAverage >= CROWDED_LOAD * all
      ? [
          `Other programs are busy here: the load average was ${plain(loadAverage)} on ${counted(all, 'core')} before anything was sent. Stop them, or measure from another machine.`,
        ]
      : []),
    ...(noCore >= CROWDED_SHARE
      ? [
          `A thread of the client had work and no core for ${percentOf(noCore, 1)} of the time, because others had them all.`,
        ]
      : []),
  ];
  return said.map((text) => ({ kind: 'cores', text }));
}

function stalls({ generator }: ClosedLoopResult): DoctorFinding[] {
  if (generator === null) return [];
  const { gcShare, gcMaxMs, stallMaxMs } = generator;
  const said = [
    ...(gcShare >= MUCH_GC_SHARE
      ? [
          `Garbage collection took ${percentOf(gcShare, 1)} of a thread's time: shorter bodies (--body-limit) or more threads lower it.`,
        ]
      : []),
    ...(stallMaxMs >= LONG_STALL_MS
      ? [
          `An event loop stood still for ${inSeconds(stallMaxMs)}, and the longest garbage collection took ${inSeconds(gcMaxMs)}: the slowest requests of a run may have waited for that.`,
        ]
      : []),
  ];
  return said.map((text) => ({ kind: 'stalls', text }));
}

function connections({ openFiles, localPorts, mostConnections }: MachineResult): DoctorFinding[] {
  if (mostConnections === null) return [];
  const byPorts = localPorts === mostConnections;
  const text = byPorts
    ? `The local ports limit connections: ${count(mostConnections)} to one address. More addresses of the gateway, or a wider net.ipv4.ip_local_port_range, allow more.`
    : `Open files limit connections: ${count(mostConnections)}, as this process may have ${count(openFiles?.limit ?? 0)} files open. ulimit -n raises it.`;
  return [{ kind: 'connections', text }];
}

function ports({ localPorts }: MachineResult): DoctorFinding[] {
  if (localPorts === null) return [];
  const text = `Without keep-alive, at most about ${count(localPorts / PORT_KEPT_S)} connections a second to one address can be opened for longer than a minute, since a closed one keeps its local port for ${PORT_KEPT_S} s.`;
  return [{ kind: 'ports', text }];
}

// What is measured: a row per case. A case has clients that take turns, a load, and goals.
//   load      `requests` of a closed loop; `seconds`: about as long, for clients that only take a time; or `rate` of an open
//             loop for `seconds`, against the recorder of arrivals; `tls`; `path`: of a larger body; `versionFrom`: where
//             weighbridge reads the version, if it does not find out itself
//   figures   the columns of its table, from bench/values.js
//   startUp   the case is about start-up: it is not taken off, and the load is always the same
//   extra     only measured if it is named
import { join } from 'node:path';
import { traced } from './allocation.js';
import { cpuGoal, latenessGoals, mostGoal, ratioGoal } from './goals.js';
import * as weighbridge from './weighbridge.js';

const CPU = ['cpu', 'ratio', 'startUp', 'throughput', 'clientCores', 'serverCores', 'memory'];
/** Where those answers say their version that don't look like those of a known app. */
const VERSION = 'header:x-app-version';
const LATENESS = ['arrivals', 'p50', 'p90', 'p99', 'max', 'cpuOfAll'];
/** Parts of the requests of a case. */
const LENGTHS = [
  ['all requests', 1],
  ['a fifth', 0.2],
  ['a 25th', 0.04],
];
const named = (peers, ...names) => peers.filter(({ name }) => names.includes(name));

export const CASES = [
  {
    name: 'start-up',
    title: 'Runs of 100 requests',
    clients: (peers) => [
      weighbridge.normal,
      weighbridge.bareNode,
      ...peers.filter(({ byTime = false }) => !byTime),
    ],
    load: { requests: 100 },
    startUp: true,
    figures: ['cpuMs', 'ratio', 'wallMs', 'memory'],
    goals: [mostGoal('CPU of a run of 100 requests', 'cpuMs', 400, 'ms')],
  },
  {
    name: 'plain',
    title: 'HTTP/1.1, small body',
    clients: (peers) => [weighbridge.normal, ...peers],
    load: { requests: 1_000_000, seconds: 10 },
    figures: CPU,
    goals: [
      cpuGoal(1),
      ratioGoal('autocannon', 0.5),
      mostGoal('memory at 1 million requests', 'memory', 120, 'MB'),
    ],
  },
  {
    name: 'tls',
    title: 'HTTP/1.1 over TLS, small body',
    clients: (peers) => [weighbridge.normal, ...named(peers, 'oha', 'wrk', 'autocannon')],
    load: { tls: true, requests: 250_000, seconds: 3 },
    figures: CPU,
    goals: [cpuGoal(1.1)],
  },
  {
    name: '10k',
    title: 'HTTP/1.1, body of 10 KB',
    clients: (peers) => [weighbridge.normal, ...named(peers, 'oha', 'wrk', 'autocannon')],
    load: { path: '10k', requests: 300_000, versionFrom: VERSION, seconds: 3 },
    figures: CPU,
    goals: [cpuGoal(1.1)],
  },
  {
    name: '100k',
    title: 'HTTP/1.1, body of 100 KB',
    clients: (peers) => [weighbridge.normal, ...named(peers, 'oha', 'wrk', 'autocannon')],
    load: { path: '100k', requests: 80_000, versionFrom: VERSION, seconds: 3 },
    figures: CPU,
    goals: [cpuGoal(1.1)],
  },
  {
    name: 'analysis',
    title: 'What analyses cost',
    clients: () => [weighbridge.everything, weighbridge.normal, weighbridge.driverAlone],
    load: { requests: 300_000 },
    figures: CPU,
    goals: [ratioGoal('driver alone', 1.1)],
  },
  {
    name: 'allocation',
    title: 'Allocation',
    clients: () => [traced(weighbridge.normal), traced(weighbridge.driverAlone)],
    load: { requests: 1_000_000 },
    // It differs little from run to run.
    rounds: 1,
    figures: ['allocated', 'fullGc'],
    goals: [
      mostGoal('allocated per request', 'allocated', 300, 'B'),
      mostGoal('longest full garbage collection', 'fullGc', 10, 'ms'),
    ],
  },
  ...[1000, 5000].map((rate) => ({
    name: `lateness-${rate}`,
    title: `Lateness at ${rate.toLocaleString('en-US')} requests/s`,
    clients: (peers) => [weighbridge.normal, ...peers],
    load: { rate, seconds: 3, versionFrom: VERSION },
    figures: LATENESS,
    goals: latenessGoals,
  })),
  {
    name: 'growth',
    extra: true,
    title: 'Memory by the number of requests',
    clients: () => LENGTHS.map(weighbridge.ofLength),
    load: { requests: 5_000_000 },
    rounds: 1,
    figures: ['memory', 'cpu'],
    goals: [mostGoal('memory at 5 million requests', 'memory', 120, 'MB')],
  },
  {
    name: 'drivers',
    extra: true,
    title: 'Drivers of HTTP/1.1',
    clients: () => [weighbridge.normal, weighbridge.undici],
    load: { requests: 200_000 },
    figures: CPU,
    goals: [],
  },
  {
    name: 'ejections',
    extra: true,
    title: 'The search for ejections',
    clients: () => [weighbridge.normal, weighbridge.withoutEndpoints],
    load: { requests: 400_000 },
    figures: CPU,
    goals: [],
  },
  {
    name: 'save',
    extra: true,
    title: 'Saving every request',
    clients: (_peers, folder) => [
      weighbridge.saved(join(folder, 'saved')),
      weighbridge.sampled(join(folder, 'samples')),
      weighbridge.normal,
    ],
    load: { requests: 400_000 },
    figures: CPU,
    goals: [],
  },
];

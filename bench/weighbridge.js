// weighbridge itself, as a client of the benchmarks, in several modes.
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const common = ({ url, connections, tls = false, versionFrom }) => [
  ...[url, '-c', connections, ...(tls ? ['--insecure'] : [])],
  ...(versionFrom === undefined ? [] : ['--version-from', versionFrom]),
  ...['--threads', 1, '--quiet', '--json', '-'],
];
const client = (name, words) => ({
  name,
  version,
  command: [process.execPath, 'bin/weighbridge.js'],
  closed: ({ requests, ...load }) => ['run', '-n', requests, ...common(load), ...words],
  open: ({ rate, seconds, ...load }) => ['run', '-q', rate, '-z', `${seconds}s`, ...common(load), ...words],
  // A request whose response named no version counts as one that failed.
  completed: (out) => JSON.parse(out).requests.attributed,
});
const endpoints = ['--endpoint-from', 'header:x-pod'];
const versions = ['--expect', 'v1=90,v2=10'];

/** As people use it: versions, latency, errors, endpoints out of rotation, a verdict. */
export const normal = client('weighbridge', [...versions, ...endpoints]);
/** The same, for a part of the requests of a case. */
export const ofLength = ([name, share]) => ({ ...normal, name, share });
export const undici = client('undici', ['--driver', 'undici', ...versions, ...endpoints]);
/** What sends the requests, without anything that reads the samples. */
export const driverAlone = {
  name: 'driver alone',
  command: [process.execPath, 'bench/driver-alone.js'],
  closed: ({ url, requests, connections }) => [url, requests, connections],
  completed: Number,
};
/** Node.js that does nothing: how fast the machine is just now. It counts as if it had sent all. */
export const bareNode = {
  name: 'bare Node.js',
  command: [process.execPath],
  closed: ({ requests }) => ['-p', requests],
  completed: Number,
};
export const withoutEndpoints = client('without endpoints', versions);
/** Every check and every analysis that one run can have. */
export const everything = client('every analysis', [
  ...versions,
  ...endpoints,
  ...'--eject-after 5 --max-error-rate 1%,v2=2% --max-error-increase 0.5% --warmup 500'.split(' '),
  ...'--max-latency p99=1s,v2:p99=1s --max-latency-ratio p99=2'.split(' '),
]);
/** Every request is written into a file. */
export const saved = (file) => client('--save', [...versions, ...endpoints, '--save', file]);
export const sampled = (file) => client('--samples', [...versions, ...endpoints, '--samples', file]);

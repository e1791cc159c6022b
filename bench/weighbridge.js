// weighbridge itself, as a client of the benchmarks, in several modes.
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const common = ['--threads', 1, '--quiet', '--json', '-'];
const target = ({ url, connections, tls = false, versionFrom }) => [
  ...[url, '-c', connections, ...(tls ? ['--insecure'] : [])],
  ...(versionFrom === undefined ? [] : ['--version-from', versionFrom]),
];
const client = (name, words) => ({
  name,
  version,
  command: [process.execPath, 'bin/weighbridge.js'],
  closed: ({ requests, ...load }) => ['run', '-n', requests, ...target(load), ...common, ...words],
  open: ({ rate, seconds, ...load }) => [
    'run',
    '-q',
    rate,
    '-z',
    `${seconds}s`,
    ...target(load),
    ...common,
    ...words,
  ],
  // A request whose response named no version counts as one that failed.
  completed: (out) => JSON.parse(out).requests.attributed,
});
const wire = ['--driver', 'wire'];
const endpoints = ['--endpoint-from', 'header:x-pod'];
const versions = ['--expect', 'v1=90,v2=10'];

/** As people use it: versions, latency, errors, endpoints out of rotation, a verdict. */
export const normal = client('weighbridge', [...wire, ...versions, ...endpoints]);
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
export const withoutEndpoints = client('without endpoints', [...wire, ...versions]);
/** Every check and every analysis that one run can have. */
export const everything = client('every analysis', [
  ...[
    ...wire,
    ...versions,
    ...endpoints,
    '--eject-after',
    5,
    '--max-error-rate',
    '1%,v2=2%',
    '--max-error-increase',
    '0.5%',
  ],
  ...['--max-latency', 'p99=1s,v2:p99=1s', '--max-latency-ratio', 'p99=2', '--warmup', 500],
]);
/** Every request is written into a file. */
export const saved = (file) => client('--save', [...wire, ...versions, ...endpoints, '--save', file]);
export const sampled = (file) => client('--samples', [...wire, ...versions, ...endpoints, '--samples', file]);

// The other load generators: how each is called, and where it says how many requests it completed.
//   version    a command whose output has it, and where; null: the Go module that it was built from
//   closed     the arguments for a closed loop: so many requests, or about so many seconds where it counts no requests
//   open       the arguments for a constant rate; null: it cannot, and `openNote` says why
//   completed  reads good responses from its output
//   byTime     it counts no requests: a closed loop lasts some seconds
//   share      a slow one sends only so large a part of the requests, so that the benchmark ends
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const autocannon = createRequire(import.meta.url).resolve('autocannon/autocannon.js');
const number = (pattern) => (out) => Number(pattern.exec(out)?.[1] ?? 0);
const duration = (seconds) => `${Math.max(1, Math.round(seconds))}s`;

const k6 =
  (more) =>
  ({ url, connections, ...load }) => {
    const variables = Object.entries({ TARGET: url, CONNECTIONS: connections, ...more(load) });
    return [
      'run',
      '--quiet',
      '--no-usage-report',
      ...variables.flatMap((pair) => ['-e', pair.join('=')]),
      'bench/k6.js',
    ];
  };
/** vegeta reports in a second process, which counts too. */
const vegeta = (words) => [
  '-c',
  `echo "GET $0" | vegeta attack -insecure ${words} | vegeta report -type=json`,
];

const PEERS = [
  {
    name: 'oha',
    version: [['oha', '--version'], /oha (\S+)/],
    closed: ({ url, requests, connections }) => [
      '--no-tui',
      '--insecure',
      '--output-format',
      'json',
      '-n',
      requests,
      '-c',
      connections,
      url,
    ],
    open: ({ url, rate, seconds, connections }) => [
      '--no-tui',
      '--insecure',
      '--output-format',
      'json',
      '-q',
      rate,
      '-z',
      `${seconds}s`,
      '-c',
      connections,
      url,
    ],
    completed: (out) => JSON.parse(out).statusCodeDistribution['200'] ?? 0,
  },
  {
    name: 'wrk',
    version: [['wrk', '-v'], /wrk (\S+)/],
    closed: ({ url, seconds, connections }) => ['-t', 1, '-c', connections, '-d', duration(seconds), url],
    open: null,
    openNote: 'has no rate',
    byTime: true,
    completed: number(/(\d+) requests in/),
  },
  {
    name: 'wrk2',
    version: [['wrk2', '-v'], /wrk (\S+)/],
    closed: null,
    open: ({ url, rate, seconds, connections }) => [
      '-t',
      1,
      '-c',
      connections,
      '-d',
      duration(seconds),
      '-R',
      rate,
      url,
    ],
    completed: number(/(\d+) requests in/),
  },
  {
    name: 'h2load',
    version: [['h2load', '--version'], /nghttp2\/(\S+)/],
    closed: ({ url, requests, connections }) => ['--h1', '-t', 1, '-n', requests, '-c', connections, url],
    open: null,
    openNote: 'has only a rate of each connection',
    completed: number(/(\d+) succeeded/),
  },
  {
    name: 'hey',
    version: null,
    closed: ({ url, requests, connections }) => ['-n', requests, '-c', connections, url],
    open: null,
    openNote: 'has only a rate of each connection',
    completed: number(/\[200\]\s+(\d+) responses/),
    share: 0.15,
  },
  {
    name: 'fortio',
    version: [['fortio', 'version'], /(\S+)/],
    closed: ({ url, requests, connections }) => [
      'load',
      '-quiet',
      '-k',
      '-json',
      '-',
      '-qps',
      0,
      '-n',
      requests,
      '-c',
      connections,
      url,
    ],
    open: ({ url, rate, seconds, connections }) => [
      'load',
      '-quiet',
      '-json',
      '-',
      '-uniform',
      '-qps',
      rate,
      '-t',
      `${seconds}s`,
      '-c',
      connections,
      url,
    ],
    completed: (out) => JSON.parse(out).RetCodes['200'] ?? 0,
    share: 0.15,
  },
  {
    name: 'vegeta',
    version: null,
    command: ['sh'],
    closed: ({ url, seconds, connections }) => [
      ...vegeta(`-rate=0 -max-workers=${connections} -duration=${duration(seconds)}`),
      url,
    ],
    open: ({ url, rate, seconds, connections }) => [
      ...vegeta(`-rate=${rate} -workers=${connections} -duration=${seconds}s`),
      url,
    ],
    byTime: true,
    completed: (out) => JSON.parse(out).status_codes['200'] ?? 0,
    share: 0.4,
  },
  {
    name: 'k6',
    version: [['k6', 'version'], /k6 (\S+)/],
    closed: k6(({ requests }) => ({ REQUESTS: requests })),
    open: k6(({ rate, seconds }) => ({ RATE: rate, SECONDS: seconds })),
    completed: (out) => JSON.parse(out).completed,
    share: 0.04,
  },
  {
    name: 'autocannon',
    version: [[process.execPath, autocannon, '--version'], /autocannon v(\S+)/],
    command: [process.execPath, autocannon],
    closed: ({ url, requests, connections }) => ['--json', '-a', requests, '-c', connections, url],
    open: null,
    openNote: 'sends the requests of a second at its begin',
    completed: (out) => JSON.parse(out)['2xx'],
    share: 0.25,
  },
];

/** Where a program is; null if it is not in PATH. */
const place = (name) =>
  spawnSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).stdout.trim() || null;

function versionOf({ name, version }) {
  const [command, pattern] = version ?? [['go', 'version', '-m', place(name)], /\n\s+mod\s+\S+\s+v(\S+)/];
  const { stdout, stderr } = spawnSync(command[0], command.slice(1), { encoding: 'utf8' });
  return pattern.exec(`${stdout}${stderr}`)?.[1] ?? 'of unknown version';
}

/** Those that are in PATH, with their `command` and `version`. autocannon always is: it comes with npm. */
export function foundPeers() {
  return PEERS.filter(({ name }) => name === 'autocannon' || place(name) !== null).map((peer) => ({
    command: [peer.name],
    ...peer,
    version: versionOf(peer),
  }));
}

export const peerNames = PEERS.map(({ name }) => name);

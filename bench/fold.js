// Cost of the main thread's analysis: CPU per row of RunFold.add, on made-up blocks without a network.
//   npm run build:test && node bench/fold.js [ROWS] [ROUNDS]
import { RunFold } from '../.build/src/analysis/run-fold.js';
import { outcomeCode } from '../.build/src/blocks/outcome.js';
import { NO_LABEL, ORIGIN, PHASE, SampleBlock } from '../.build/src/blocks/sample-block.js';
import { DEFAULT_JUDGE } from '../.build/src/plan/judge.js';
import { seededRandom } from '../.build/src/random.js';
import { median } from './figures.js';

const [rows = '2000000', rounds = '5'] = process.argv.slice(2);
const ROWS = Number(rows);
const CONNECTIONS = 64;
/** Rows of a second; a live run posts a block when it is full or 200 ms old. */
const PER_SECOND = 40_000;
const LABELS = {
  versions: ['v1', 'v2'],
  endpoints: ['v1-0', 'v1-1', 'v1-2', 'v2-0', 'v2-1', 'v2-2'],
  addresses: ['127.0.0.1:80'],
};

/** Blocks of a closed loop: rows in the order in which they ended. One second, which is folded again and again, each time later. */
function blocks() {
  const random = seededRandom(1);
  const free = new Float64Array(CONNECTIONS);
  const all = [];
  for (let row = 0; row < PER_SECOND; row += 1) {
    const i = row % 2048;
    if (i === 0) all.push(new SampleBlock());
    const block = all.at(-1);
    // The connection that is free first: its request ends about when CONNECTIONS others do.
    const lane = free.indexOf(Math.min(...free));
    const sendUs = free[lane] + 5;
    const endUs = sendUs + (CONNECTIONS * 1e6) / PER_SECOND - 5 + 200 * (random() - 0.5);
    free[lane] = endUs;
    const version = random() < 0.9 ? 0 : 1;
    const failed = random() < 0.001;
    block.dueUs[i] = sendUs - 5;
    block.sendUs[i] = sendUs;
    block.firstByteUs[i] = endUs - 10;
    block.endUs[i] = endUs;
    block.connection[i] = lane + 1;
    block.sequence[i] = row;
    block.bytes[i] = 26;
    block.status[i] = failed ? 503 : 200;
    block.version[i] = version;
    block.endpoint[i] = version * 3 + Math.floor(random() * 3);
    block.address[i] = 0;
    block.worker[i] = 0;
    block.outcome[i] = outcomeCode('ok');
    block.origin[i] = ORIGIN.backend;
    block.phase[i] = PHASE.measured;
    block.length = i + 1;
  }
  return all;
}

const second = blocks();
const unnamed = blocks();
for (const block of unnamed) block.endpoint.fill(NO_LABEL);

const RULES = ['v1', 'v2'].map((version) => ({
  version,
  endpoints: 3,
  consecutive5xx: 5,
  consecutiveGatewayErrors: 0,
  consecutiveLocalOriginFailures: null,
  errorCodes: null,
  intervalMs: 10_000,
  baseEjectionTimeMs: 30_000,
  maxEjectionPercent: 50,
}));
const WAYS = {
  'no ejections': { ejections: false },
  'ejections, no endpoints': { feed: unnamed },
  everything: {},
  'everything, open loop': { mode: 'open' },
  'everything, until the verdict': { looks: true },
};

/** A fold that has every analysis on. */
function fold({ ejections = true, mode = 'closed', looks = false }) {
  const expected = [0.9, 0.1].map((share, i) => ({
    name: LABELS.versions[i],
    weight: share,
    share,
    mapped: [],
  }));
  return new RunFold({
    labels: LABELS,
    judge: { ...DEFAULT_JUDGE, expected },
    mode,
    ejections: ejections ? { rules: RULES, load: { timeoutMs: 10_000 } } : null,
    // What is sent never decides: a look costs more than a row, and what is asked for is the price of a row.
    ...(looks ? { untilVerdict: { workers: 1, inFlight: CONNECTIONS, renews: false, ordered: true } } : {}),
    versionOf: (label) => label,
  });
}

/** CPU per row, µs. */
function cost(way) {
  const { feed = second, looks = false } = way;
  const one = fold(way);
  const before = process.cpuUsage();
  let added = 0;
  for (let shiftUs = 0; added < ROWS; shiftUs += 1e6) {
    for (const block of feed) {
      one.add(block, shiftUs);
      added += block.length;
    }
    // Places in the order of sending go on from second to second.
    if (looks)
      for (const block of feed) for (let i = 0; i < block.length; i += 1) block.sequence[i] += PER_SECOND;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / added;
}

const costs = Object.fromEntries(Object.keys(WAYS).map((name) => [name, []]));
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [name, way] of Object.entries(WAYS)) {
    if (way.looks) for (const block of second) block.sequence.set(block.sequence.map((n) => n % PER_SECOND));
    costs[name].push(cost(way));
  }
}
for (const [name, all] of Object.entries(costs)) {
  console.log(
    `${name}: ${median(all).toFixed(3)} µs of CPU a row (${Math.min(...all).toFixed(3)} to ${Math.max(...all).toFixed(3)})`,
  );
}

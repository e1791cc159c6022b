// Runs against a real Envoy whose endpoints fail at random times, compares the ejection windows that were found with
// Envoy's event log and with what the backends recorded, and writes the table of docs/ejections.md: `npm run ejections`.
//   -- --runs 3 --seed 7    other runs
//   -- --sample-rule        the rule of the samples in real time (three minutes), with its own table
//   -- --check              writes nothing
// A run that fails is listed, and the others go on. Needs a machine that does little else.
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { putTable } from './put-table.js';

/** The runs are compiled with the tests. */
const built = (file) => import(new URL(`../.build/test/support/${file}`, import.meta.url).href);
const { drawCase, sampleRuleCase } = await built('ejection-cases.js');
const { runCase } = await built('ejection-envoy.js');

const FILE = 'docs/ejections.md';
const { values: args } = parseArgs({
  options: {
    runs: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    'sample-rule': { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});
const firstSeed = Number(args.seed);
const cases = args['sample-rule']
  ? [sampleRuleCase()]
  : Array.from({ length: Number(args.runs) }, (_, i) => drawCase(firstSeed + i));
const name = args['sample-rule'] ? 'npm run ejections -- --sample-rule' : 'npm run ejections';

const rows = [
  '| seed | interval, base, max | balancer | endpoints, failing | requests/s | windows, enough | found | invented | outside bounds | end off by, at most | start, end wide |',
  '|---:|---|---|---|---:|---|---:|---:|---:|---:|---|',
];
const runs = [];
const failures = [];
for (const drawn of cases) {
  try {
    const done = await runCase(drawn);
    runs.push(done);
    rows.push(rowOf(done));
    failures.push(...done.wrong.map((line) => `seed ${drawn.seed}: ${line}`));
    const held = done.heldUpMs > 25 ? ` (this process was blocked for ${done.heldUpMs.toFixed(0)} ms)` : '';
    process.stdout.write(`${rows.at(-1)}${held}\n`);
    for (const line of done.wrong) process.stdout.write(`  <- ${line}\n`);
  } catch (error) {
    failures.push(`seed ${drawn.seed}: ${error.message}`);
    process.stdout.write(`| ${drawn.seed} | failed: ${error.message} |\n`);
  }
}
const summary = sumUp();
process.stdout.write(`\n${summary.join('\n')}\n`);
if (loadavg()[2] > availableParallelism()) {
  process.stdout.write('This machine was busy with other work, so times are less exact.\n');
}
for (const line of failures) process.stderr.write(`ejections: ${line}\n`);
if (!args.check) {
  const wrong = failures.map((line) => `- ${line}`);
  putTable(FILE, name, [...summary, '', ...rows, ...(wrong.length > 0 ? ['', 'Wrong:', '', ...wrong] : [])]);
}
process.exit(failures.length > 0 ? 1 : 0);

function rowOf({ drawn, windows, wrong }) {
  const { seed, intervalMs, baseMs, maxPercent, balancer, endpoints, failing, ratePerSecond } = drawn;
  const ends = windows.flatMap(({ endOffMs }) => (endOffMs === null ? [] : [Math.abs(endOffMs)]));
  const cells = [
    seed,
    `${intervalMs / 1000} s, ${baseMs / 1000} s, ${maxPercent} %`,
    balancer,
    `${endpoints}, ${failing}`,
    ratePerSecond,
    `${windows.length}, ${windows.filter(({ enough }) => enough).length}`,
    windows.filter(({ found }) => found !== null).length,
    wrong.filter((line) => line.startsWith('invented')).length,
    wrong.filter((line) => /^(start|end):/.test(line)).length,
    ends.length === 0 ? '' : `${Math.max(...ends).toFixed(1)} ms`,
    `${shown(median(widths(windows, 'startWidth')))}, ${shown(median(widths(windows, 'endWidth')))}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** A summary: runs with round-robin balancing, and the others. */
function sumUp() {
  const inTurn = runs.filter(({ drawn }) => drawn.balancer === 'ROUND_ROBIN');
  const others = runs.filter(({ drawn }) => drawn.balancer !== 'ROUND_ROBIN');
  return [
    ...(inTurn.length === 0
      ? []
      : ['Endpoints in turn (ROUND_ROBIN, as in the samples):', '', ...sumOf(inTurn)]),
    ...(inTurn.length === 0 || others.length === 0 ? [] : ['']),
    ...(others.length === 0 ? [] : ['Endpoints drawn (LEAST_REQUEST, RANDOM):', '', ...sumOf(others)]),
  ];
}

function sumOf(runs) {
  const windows = runs.flatMap((run) => run.windows);
  const enough = windows.filter((window) => window.enough);
  const found = windows.filter((window) => window.found !== null);
  const count = (pattern) => runs.flatMap((run) => run.wrong).filter((line) => pattern.test(line)).length;
  const ends = windows.flatMap(({ endOffMs }) => (endOffMs === null ? [] : [Math.abs(endOffMs)]));
  const [starts, backs] = ['startWidth', 'endWidth'].map((which) => widths(windows, which));
  const requests = runs.reduce((sum, { result }) => sum + result.requests.scheduled, 0);
  return [
    `${runs.length} runs, ${requests} requests, ${windows.length} windows in Envoy's log, ${enough.length} of them with enough traffic: ` +
      `${enough.filter((window) => window.found !== null).length} of these found (${found.length} of all), ${count(/^invented/)} invented.`,
    `Outside their bounds: ${count(/^start:/)} starts, ${count(/^end:/)} ends. \`endMs\` compared with the backend's record: ` +
      `median ${shown(median(ends))} ms, at most ${shown(Math.max(...ends))} ms, ${count(/^endMs:/)} by more than 25 ms.`,
    `Width of the bounds, in mean times between the endpoint's requests: starts median ${shown(median(starts))}, ` +
      `ends median ${shown(median(backs))}, both together median ${shown(median([...starts, ...backs]))}.`,
  ];
}

function widths(windows, which) {
  return windows.flatMap((window) => (window[which] === null ? [] : [window[which]]));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function shown(value) {
  return value === null || !Number.isFinite(value) ? '–' : value.toFixed(1);
}

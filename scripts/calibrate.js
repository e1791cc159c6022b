// What verdicts cost and how often they are wrong, in simulated runs with known shares, judged by the product's own code:
// `npm run calibrate`, or `npm run calibrate -- errors blocks` for some of its tables.
//   --runs 40000   runs of a cell
//   --seed 7       other draws; the same seed gives the same figures with any number of threads
//   --write        puts the tables into docs/statistics.md
// Fails if a wrong verdict comes in more than 5 % of runs, or a run is longer than its goal, by more than five standard errors.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { putTable } from './put-table.js';

const built = (file) => import(new URL(`../.build/${file}`, import.meta.url).href);
const { STEPS } = await built('test/support/calibrate/index.js');
const { partsOf } = await built('test/support/calibrate/step.js');

const FILE = 'docs/statistics.md';

if (isMainThread) await calibrate();
else await serve();

async function calibrate() {
  const { values: args, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      write: { type: 'boolean', default: false },
    },
  });
  const [runs, seed] = [Number(args.runs), Number(args.seed)];
  const started = performance.now();
  const steps = STEPS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const tallies = await simulate(steps.flatMap((step) => partsOf(step, runs, seed)));
  const misses = [];
  for (const step of steps) {
    const table = tableOf(step, tallies, Math.ceil(runs / (step.fewer ?? 1)));
    process.stdout.write(`\n== ${step.name}\n${table}\n`);
    if (args.write) putTable(FILE, `calibrate ${step.name}`, [table]);
    misses.push(...step.rows.flatMap((row, i) => row.misses(cellsOf(step, i, tallies))));
  }
  process.stdout.write(`\nseed ${seed}, ${Math.round((performance.now() - started) / 1000)} s\n`);
  for (const miss of misses) process.stdout.write(`MISSED: ${miss}\n`);
  process.exitCode = misses.length === 0 ? 0 : 1;
}

/** All parts, on every core; the counts of each cell by its key. */
async function simulate(parts) {
  const tallies = new Map();
  const left = [...parts];
  const work = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url));
      const next = () => {
        const part = left.shift();
        if (part === undefined) worker.terminate().then(resolve);
        else worker.postMessage(part);
      };
      worker.on('error', reject);
      worker.on('message', ({ part, tally }) => {
        tallies.set(keyOf(part), added(tallies.get(keyOf(part)) ?? {}, tally));
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return tallies;
}

async function serve() {
  const { seededRandom } = await built('src/random.js');
  parentPort.on('message', (part) => {
    const step = STEPS.find(({ name }) => name === part.step);
    const tally = step.rows[part.row].cells[part.cell](part.runs, seededRandom(part.seed));
    parentPort.postMessage({ part, tally });
  });
}

function added(a, b) {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function keyOf({ step, row, cell }) {
  return `${step}/${row}/${cell}`;
}

function cellsOf(step, row, tallies) {
  const names = Object.keys(step.rows[row].cells);
  return Object.fromEntries(names.map((cell) => [cell, tallies.get(keyOf({ step: step.name, row, cell }))]));
}

function tableOf(step, tallies, runs) {
  const lines = step.rows.map((row, i) => row.line(cellsOf(step, i, tallies)));
  const shown = (cells) => `| ${cells.join(' | ')} |`;
  return [
    `${runs.toLocaleString('en')} runs a cell:`,
    '',
    shown(step.head),
    shown(step.head.map(() => '---')),
    ...lines.map(shown),
  ].join('\n');
}

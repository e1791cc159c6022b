// Runs until the verdict against a real Envoy, many of each kind, and writes the table of docs/statistics.md: `npm run verdicts`.
//   -- --runs 10            fewer of each kind
//   -- --check              writes nothing
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { putTable } from './put-table.js';

/** The product and what tests use of it are compiled with the tests. */
const built = (file) => import(new URL(`../.build/${file}`, import.meta.url).href);
const { startLab } = await built('src/lab/lab.js');
const { makePlan } = await built('src/plan/make-plan.js');
const { run } = await built('src/run.js');
const { readManifestTexts } = await built('test/support/manifests.js');

const FILE = 'docs/statistics.md';
const { values: args } = parseArgs({
  options: { runs: { type: 'string', default: '40' }, check: { type: 'boolean', default: false } },
});
const runs = Number(args.runs);

/** Weights of v1 and v2 that Envoy has, those expected, the tolerance, and what is judged. */
const KINDS = [
  { inForce: [90, 10], expected: [90, 10], tolerance: 0.02 },
  { inForce: [70, 30], expected: [70, 30], tolerance: 0.02 },
  { inForce: [99, 1], expected: [99, 1], tolerance: 0.005, only: ['split'] },
  { inForce: [63, 37], expected: [70, 30], tolerance: 0.05 },
  { inForce: [80, 20], expected: [90, 10], tolerance: 0.02 },
  { inForce: [100, 0], expected: [99, 1], tolerance: 0.005 },
];

const rows = [
  '| Envoy splits | expected | judged | runs | pass | fail | inconclusive | mean requests | sent beyond, at most |',
  '|---|---|---|---:|---:|---:|---:|---:|---:|',
];
for (const kind of KINDS) {
  rows.push(await rowOf(kind));
  process.stdout.write(`${rows.at(-1)}\n`);
}
if (!args.check) putTable(FILE, 'npm run verdicts', rows);

async function rowOf({ inForce, expected, tolerance, only }) {
  const sample = (name) => readFileSync(`samples/${name}.yaml`, 'utf8');
  const route = sample('httproute-50-50')
    .replace('weight: 50', `weight: ${inForce[0]}`)
    .replace('weight: 50', `weight: ${inForce[1]}`);
  const manifests = await readManifestTexts(sample('deployments'), sample('gateway'), route);
  const lab = await startLab({ manifests, envoy: { path: null } });
  const seen = { pass: 0, fail: 0, inconclusive: 0 };
  let requests = 0;
  let mostBeyond = 0;
  try {
    for (let i = 0; i < runs; i++) {
      const plan = await makePlan({
        url: lab.urls.http,
        host: 'test.devopscube.com',
        expect: { 'backend-v1': expected[0], 'backend-v2': expected[1] },
        tolerance,
        only,
      });
      const { verdict, split, requests: counts } = await run(plan);
      seen[verdict] += 1;
      requests += split.requestsAtVerdict;
      mostBeyond = Math.max(mostBeyond, counts.scheduled - split.requestsAtVerdict);
    }
  } finally {
    await lab.close();
  }
  const number = (n) => n.toLocaleString('en-US');
  const cells = [
    inForce.join('/'),
    `${expected.join('/')} ± ${tolerance * 100}`,
    only === undefined ? 'all' : only.join(', '),
    runs,
    seen.pass,
    seen.fail,
    seen.inconclusive,
    number(Math.round(requests / runs)),
    number(mostBeyond),
  ];
  return `| ${cells.join(' | ')} |`;
}

// Rates of wrong verdicts in simulated runs, with other seeds each night (the tests use fixed ones). When the true shares
// lie exactly on the tolerance, at most 5 % of runs may pass and at most 5 % may fail, plus five standard errors.
import { judgeSplit } from '../.build/src/analysis/stats/two-one-sided.js';
import { seededRandom } from '../.build/src/random.js';

const RUNS = Number(process.env.SIMULATED_RUNS ?? '20000');
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
const random = seededRandom(seed);
console.log(`seed ${seed} (SEED=${seed} repeats it), ${RUNS} runs each`);

/** Expected shares, true shares, requests, tolerance, and verdicts that at most 5 % of runs may have. */
const CASES = [
  [[0.9, 0.1], [0.88, 0.12], 2000, 0.02, ['pass', 'fail']],
  [[0.9, 0.1], [0.92, 0.08], 2000, 0.02, ['pass', 'fail']],
  [[0.5, 0.5], [0.45, 0.55], 1000, 0.05, ['pass', 'fail']],
  [[0.99, 0.01], [0.985, 0.015], 3000, 0.005, ['pass', 'fail']],
  [[0.7, 0.2, 0.1], [0.66, 0.24, 0.1], 1500, 0.04, ['pass', 'fail']],
  [[0.7, 0.2, 0.1], [0.7, 0.16, 0.14], 1500, 0.04, ['pass', 'fail']],
  [[0.9, 0.1], [0.9, 0.1], 2000, 0.02, ['fail']],
  [[0.9, 0.1], [0.85, 0.15], 2000, 0.02, ['pass']],
];

const most = 0.05 + 5 * Math.sqrt((0.05 * 0.95) / RUNS);
for (const [expected, truth, n, tolerance, wrong] of CASES) {
  const seen = { pass: 0, fail: 0, inconclusive: 0 };
  for (let run = 0; run < RUNS; run += 1) {
    const drawn = draw(n, truth);
    const versions = expected.map((expectedShare, i) => ({ expectedShare, drawn: drawn[i] }));
    seen[judgeSplit({ versions, unexpected: 0, unknown: 0 }, { tolerance, confidence: 0.95 })] += 1;
  }
  const bad = wrong.filter((verdict) => seen[verdict] / RUNS > most);
  console.log(
    `${expected.join('/')} ± ${tolerance}, in truth ${truth.join('/')}, ${n} requests: ${JSON.stringify(seen)}${bad.length > 0 ? ` <- too often ${bad.join(', ')}` : ''}`,
  );
  if (bad.length > 0) process.exitCode = 1;
}

/** Requests drawn independently, by version. */
function draw(n, shares) {
  const drawn = shares.map(() => 0);
  for (let i = 0; i < n; i += 1) {
    let left = random();
    let version = 0;
    while (version < shares.length - 1 && left >= shares[version]) {
      left -= shares[version];
      version += 1;
    }
    drawn[version] += 1;
  }
  return drawn;
}

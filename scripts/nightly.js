// Checks that take too long for every change: `npm run nightly`, or `npm run nightly -- soak fuzz` for some of them.
// All steps are run, even after one has failed.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TESTS = '.build/test';
/** Property tests, with other seeds, and simulations make this many times their usual number of runs. */
const FUZZ_TIMES = process.env.FUZZ_TIMES ?? '30';

const repeatedTests = () =>
  readdirSync(TESTS, { recursive: true })
    .map((file) => join(TESTS, String(file)))
    .filter(
      (file) =>
        file.endsWith('.test.js') && /from 'fast-check'|NIGHTLY_TIMES/.test(readFileSync(file, 'utf8')),
    )
    .sort();

const newSeed = () => String(Math.floor(Math.random() * 2 ** 31));

const STEPS = [
  { name: 'soak', command: () => [process.execPath, 'scripts/nightly-soak.js'] },
  {
    name: 'statistics',
    command: () => [process.execPath, 'scripts/calibrate.js', '--runs', '3000', '--seed', newSeed()],
  },
  { name: 'ejections', command: () => [process.execPath, 'scripts/nightly-ejections.js'] },
  {
    name: 'fuzz',
    command: () => [process.execPath, '--test', '--test-concurrency=2', ...repeatedTests()],
    env: { NODE_OPTIONS: '--import=./scripts/nightly-more-runs.js', FUZZ_TIMES },
  },
  {
    name: 'undici',
    command: () => [process.execPath, 'scripts/test.js', 'probes/load', 'probes/preflight'],
    env: { WEIGHBRIDGE_TEST_DRIVER: 'undici' },
  },
  { name: 'faults', command: () => [process.execPath, 'scripts/faults-table.js', '--check'] },
  // Runs against a real gateway differ each time.
  { name: 'envoy', command: () => [process.execPath, 'scripts/test.js', 'envoy', 'run.test'] },
];

const wanted = process.argv.slice(2);
const failed = [];
for (const { name, command, env } of STEPS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  const started = performance.now();
  const [program, ...args] = command();
  const { status } = spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const took = `${Math.round((performance.now() - started) / 1000)} s`;
  process.stdout.write(`== ${name}: ${status === 0 ? 'good' : 'FAILED'}, ${took}\n`);
  if (status !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? '\nAll good.\n' : `\nFailed: ${failed.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);

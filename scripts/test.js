// Runs the compiled tests with node:test. `--unit` leaves out test/envoy, test/package, test/e2e and test/docs, which
// need Envoy, npm or the built command line; other words select test files whose paths contain one of them.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = '.build/test';
const words = process.argv.slice(2);
const unitOnly = words.includes('--unit');
const names = words.filter((word) => !word.startsWith('--'));

const files = readdirSync(root, { recursive: true })
  .map((file) => join(root, String(file)))
  .filter((file) => file.endsWith('.test.js'))
  .filter((file) => !unitOnly || !/[\\/](envoy|package|e2e|docs)[\\/]/.test(file))
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .sort();
if (files.length === 0) {
  process.stderr.write('no test files match\n');
  process.exit(1);
}
const result = spawnSync(
  process.execPath,
  ['--test', '--test-reporter=spec', '--test-concurrency=2', '--enable-source-maps', ...files],
  { stdio: 'inherit' },
);
process.exit(result.status ?? 1);

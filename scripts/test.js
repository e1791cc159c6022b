// Runs the compiled tests with node:test.
//   --unit      leaves out test/envoy, test/package, test/e2e, test/docs and test/browser, which need Envoy, npm, a browser or the built command line
//   --offline   fetches nothing; npm's own --offline does the same
//   WORDS       only test files whose paths contain one of them
// A run of all tests gets Envoy and Python's libraries first, if they are missing. What was skipped is said at the end.
// Unit tests run many files to a process: loading the modules anew for each file costs more than most of them compute.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getTestTools } from './test-tools.js';

const root = '.build/test';
/** How many files of unit tests run in one process. */
const FILES_PER_PROCESS = 16;
/** More than CI's two cores: many tests wait for a process, a time-out or Envoy. */
const PROCESSES = 3;
const words = process.argv.slice(2);
const unitOnly = words.includes('--unit');
const offline = words.includes('--offline') || process.env.npm_config_offline === 'true';
const names = words.filter((word) => !word.startsWith('--'));

const files = readdirSync(root, { recursive: true })
  .map((file) => join(root, String(file)))
  .filter((file) => file.endsWith('.test.js'))
  .filter((file) => !unitOnly || isUnit(file))
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .sort();
if (files.length === 0) {
  process.stderr.write('no test files match\n');
  process.exit(1);
}
const missing = unitOnly || names.length > 0 ? new Map() : await getTestTools(offline);

const scratch = mkdtempSync(join(tmpdir(), 'weighbridge-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const skipped = join(scratch, 'skipped.json');
const reporters = [
  ['spec', 'stdout'],
  ['./scripts/skipped-tests.js', skipped],
].flatMap(([reporter, to]) => [`--test-reporter=${reporter}`, `--test-reporter-destination=${to}`]);
const result = spawnSync(
  process.execPath,
  ['--test', ...reporters, `--test-concurrency=${PROCESSES}`, '--enable-source-maps', ...processes(files)],
  { stdio: 'inherit' },
);
sayWhatWasSkipped();
process.exit(result.status ?? 1);

function isUnit(file) {
  return !/^\.build[\\/]test[\\/](envoy|package|e2e|docs|browser)[\\/]/.test(file);
}

/**
 * What each process runs: a file that imports the files of tests. The long ones come first, so that none of them is left alone at
 * the end; node:test takes them in the order of their names.
 */
function processes(files) {
  const groups = files.filter((file) => !isUnit(file)).map((file) => [file]);
  const unit = files.filter(isUnit);
  for (let i = 0; i < unit.length; i += FILES_PER_PROCESS) groups.push(unit.slice(i, i + FILES_PER_PROCESS));
  return groups.map((group, i) => {
    const entry = join(scratch, `${String(i).padStart(4, '0')}.test.mjs`);
    writeFileSync(entry, group.map((file) => `import '${pathToFileURL(resolve(file))}';\n`).join(''));
    return entry;
  });
}

/** In one line, if anything was. */
function sayWhatWasSkipped() {
  let counts;
  try {
    counts = Object.entries(JSON.parse(readFileSync(skipped, 'utf8')));
  } catch {
    // The tests did not run to their end.
    return;
  }
  if (counts.length === 0) return;
  const groups = counts.map(([why, count]) => {
    const cause = missing.get(why);
    return `${count} (${why}${cause === undefined ? '' : `: ${cause}`})`;
  });
  process.stdout.write(`Skipped tests: ${groups.join(', ')}\n`);
}

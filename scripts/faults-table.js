// Runs `weighbridge run` against each hostile server of test/support/faults and writes the table of docs/faults.md:
// `npm run faults`.
//   -- NAME…      runs only faults whose names contain these words, and writes nothing
//   -- --check    runs all, and writes nothing
import { putTable } from './put-table.js';

/** The corpus is compiled with the tests. */
const built = (file) => import(new URL(`../.build/test/support/faults/${file}`, import.meta.url).href);
const { FAULTS } = await built('index.js');
const { runCommand } = await built('command.js');

const FILE = 'docs/faults.md';
/** A run must use less memory than this, whatever the server does. */
const MAX_BYTES = 200e6;

const args = process.argv.slice(2);
const words = args.filter((arg) => arg !== '--check');
const faults = FAULTS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const rows = [
  '| what the server does | counted | with its version | exit | peak memory |',
  '|---|---|---:|---:|---:|',
];
let wrong = 0;
for (const fault of faults) {
  const cleanups = [];
  const run = await runCommand({ after: (cleanup) => cleanups.push(cleanup) }, fault);
  for (const cleanup of cleanups.reverse()) await cleanup();
  const counted = Object.entries(run.outcomes).map(([name, count]) => `${name} × ${count}`);
  const cells = [fault.name, counted.join(', '), run.versions.faulty ?? 0, run.exit];
  const row = `| ${cells.join(' | ')} | ${Math.round(run.peakBytes / 1e6)} MB |`;
  rows.push(row);
  const complaint = complaintAbout(fault, run);
  process.stdout.write(`${row}${complaint === null ? '' : ` <- ${complaint}`}\n`);
  if (complaint !== null) wrong += 1;
}
if (wrong > 0) {
  process.stderr.write(`faults: ${wrong} of ${faults.length} have a wrong result.\n`);
  process.exit(1);
}
if (args.length === 0) putTable(FILE, 'npm run faults', rows);

/** What is wrong with a run, or null. */
function complaintAbout(fault, { outcomes, versions, stderr, exit, peakBytes }) {
  const names = Object.keys(outcomes);
  // 4: no connection could be used.
  if (stderr !== '' || (exit !== 0 && exit !== 4)) return stderr || `exit ${exit}`;
  const stranger = Object.keys(versions).find((name) => !['v1', 'v2', 'faulty'].includes(name));
  if (stranger !== undefined) return `counted for version ${stranger}`;
  const possible = [fault.outcome, ...(fault.or ?? [])];
  if (!names.some((name) => possible.includes(name))) return `not counted as ${fault.outcome}`;
  const other = names.find((name) => name !== 'ok' && !possible.includes(name));
  if (other !== undefined) return `${other} is unexpected`;
  return peakBytes > MAX_BYTES ? 'too much memory' : null;
}

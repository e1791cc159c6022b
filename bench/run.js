// Compares weighbridge with other load generators, side by side: those that are in PATH, and autocannon.
//   npm run bench                       all of it, about 15 minutes
//   npm run bench -- --quick            fewer and shorter rounds, about 3 minutes
//   npm run bench -- --only plain,oha   only these cases and these clients; may name cases that are else left out
//   npm run bench -- --update           writes the tables into bench/README.md
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { putTable } from '../scripts/put-table.js';
import { CASES } from './cases.js';
import { foundPeers, peerNames } from './peers.js';
import { pinned } from './processes.js';
import { rounds } from './rounds.js';
import { startFullServer, startRecorder } from './servers.js';
import { figuresTable, goalLine, goalRows, goalsTable, othersLine } from './tables.js';
import { machineLines } from './versions.js';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    update: { type: 'boolean', default: false },
  },
});
const scale = options.quick ? { rounds: 3, size: 0.2, time: 0.4 } : { rounds: 5, size: 1, time: 1 };
const only = options.only.flatMap((names) => names.split(','));
const unknown = only.find((name) => !peerNames.includes(name) && !CASES.some((kase) => kase.name === name));
if (unknown !== undefined) {
  console.error(
    `--only ${unknown}: neither a case (${CASES.map(({ name }) => name)}) nor a client (${peerNames})`,
  );
  process.exit(2);
}
const namedCases = CASES.filter(({ name }) => only.includes(name));
const cases = namedCases.length > 0 ? namedCases : CASES.filter(({ extra }) => !extra);
const named = (peers) => peers.filter(({ name }) => only.includes(name));
const found = foundPeers();
const peers = named(found).length > 0 ? named(found) : found;

const show = (lines) => console.log(`${lines.join('\n')}\n`);
const put = (name, lines) => {
  show(lines);
  if (options.update) putTable('bench/README.md', name, lines);
};

const folder = mkdtempSync(join(tmpdir(), 'weighbridge-bench-'));
const began = Date.now();
const goals = [];

/** Measures a case, and shows its table and what was left out. */
async function measureCase(kase) {
  const open = kase.load.rate !== undefined;
  const clients = kase.clients(peers, folder);
  const leftOut = open ? clients.filter((client) => client.open === null) : [];
  const notes = leftOut.map(({ name, openNote }) => `${name} (${openNote})`);
  const able = clients.filter((client) => (open ? client.open : client.closed) !== null);
  const server = await (open ? startRecorder() : startFullServer());
  console.log(`## ${kase.title}\n`);
  const results = await rounds(kase, able, server, scale, ({ name }, error) => {
    notes.push(`${name} (failed)`);
    console.log(`${name} is left out: ${error.message}`);
  }).finally(() => server.stop());
  const left = notes.length === 0 ? '' : ` Left out: ${notes.join(', ')}.`;
  const line = `Server: ${server.name}. ${othersLine(results)}${left}`;
  const judged = goalRows(kase, results).map((goal) => ({ title: kase.title, ...goal }));
  goals.push(...judged);
  put(kase.name, [...figuresTable(kase, results), '', line, ...judged.map(goalLine)]);
}

try {
  for (const kase of cases) await measureCase(kase);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// Tables of a part of the cases would say less than those that stand there.
options.update &&= only.length === 0;
put('goals', goalsTable(goals));
put('machine', machineLines(found, { quick: options.quick, pinned, seconds: (Date.now() - began) / 1000 }));

// Searches for the limits of a real Envoy, several of each kind, and writes the table of docs/limits.md: `npm run limits`.
//   -- --runs 2             fewer of each kind
//   -- --only slower        kinds whose name has this
//   -- --check              writes nothing
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { putTable } from './put-table.js';

/** The lab and what tests use are compiled with the tests; the search runs as a process of its own, as a user's does. */
const built = (file) => import(new URL(`../.build/${file}`, import.meta.url).href);
const { startLab } = await built('src/lab/lab.js');
const { readManifestTexts } = await built('test/support/manifests.js');

const FILE = 'docs/limits.md';
const { values: args } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    check: { type: 'boolean', default: false },
  },
});
const runs = Number(args.runs);

const EQUAL = ['*:slow=100ms'];
const SLOWER = ['v1:slow=100ms', 'v2:slow=1s'];
const KINDS = [
  { name: '50/50', route: 'httproute-50-50', faults: EQUAL },
  { name: '50/50', route: 'httproute-50-50', faults: EQUAL, protocol: 'h2' },
  { name: '50/50, connections kept', route: 'httproute-50-50', faults: EQUAL, rules: 'kept' },
  { name: '90/10', route: 'httproute-90-10', faults: EQUAL },
  { name: '90/10', route: 'httproute-90-10', faults: EQUAL, protocol: 'h2' },
  { name: '90/10, connections kept', route: 'httproute-90-10', faults: EQUAL, rules: 'kept' },
  { name: '50/50, v2 ten times slower', route: 'httproute-50-50', faults: SLOWER },
  { name: '50/50, v2 ten times slower', route: 'httproute-50-50', faults: SLOWER, protocol: 'h2' },
];

const rows = [
  '| load | to backends | predicted | found in each search | mean | interval has the prediction | first refusals | overflows: client, Envoy | recovered, ms | seconds |',
  '|---|---|---:|---|---:|---:|---|---|---|---:|',
];
for (const kind of KINDS.filter(({ name }) => name.includes(args.only))) {
  rows.push(await rowOf(kind));
  process.stdout.write(`${rows.at(-1)}\n`);
}
if (!args.check) putTable(FILE, 'npm run limits', rows);

async function rowOf({ name, route, faults, rules, protocol = 'http/1.1' }) {
  const texts = manifestsOf(route, rules, protocol);
  const lab = await startLab({ manifests: await readManifestTexts(...texts), envoy: { path: null }, faults });
  const found = [];
  try {
    for (let i = 0; i < runs; i++) found.push(await search(lab, texts));
  } finally {
    await lab.close();
  }
  const limits = found.map((result) => result.limits);
  const mean = limits.reduce((sum, { kneeConnections }) => sum + kneeConnections, 0) / runs;
  const holds = limits.filter(
    ({ kneeBounds, predictedKnee }) => kneeBounds?.[0] <= predictedKnee && predictedKnee <= kneeBounds?.[1],
  );
  const overflows = (of) => found.reduce((sum, { gateway }) => sum + gateway.overflows[of], 0);
  const each = (of) => limits.map((one) => (of(one) === null ? '-' : Math.round(of(one)))).join(', ');
  const cells = [
    name,
    protocol === 'h2' ? 'HTTP/2' : 'HTTP/1.1',
    [...new Set(limits.map(({ predictedKnee }) => predictedKnee))].join(', '),
    each(({ kneeConnections }) => kneeConnections),
    mean.toFixed(1),
    `${holds.length} of ${runs}`,
    each(({ firstRefusalConnections }) => firstRefusalConnections),
    `${overflows('client').toLocaleString('en')}, ${overflows('gateway').toLocaleString('en')}`,
    each(({ recoveryMs }) => recoveryMs),
    Math.round(found.reduce((sum, { durationMs }) => sum + durationMs, 0) / runs / 1000),
  ];
  return `| ${cells.join(' | ')} |`;
}

function manifestsOf(route, rules, protocol) {
  const sample = (file) => readFileSync(`samples/${file}.yaml`, 'utf8');
  const ports = sample('deployments').replaceAll('- name: http\n      port: 80\n', (port) =>
    protocol === 'h2' ? port.replace('http\n', 'http\n      appProtocol: kubernetes.io/h2c\n') : port,
  );
  const given = sample('destinationrules');
  return [
    ports,
    sample('gateway'),
    sample(route),
    rules === 'kept' ? given.replaceAll(/ *maxRequestsPerConnection: 2\n/g, '') : given,
  ];
}

/** One search by the command line; it must end by itself. */
async function search(lab, texts) {
  const child = spawn(
    process.execPath,
    [
      ...['bin/weighbridge.js', 'limits', lab.urls.http, '--host', 'test.devopscube.com', '-f', '-'],
      ...['--envoy-admin', lab.adminUrl, '--quiet', '--json', '-'],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  child.stdin.end(texts.join('\n---\n'));
  let json = '';
  child.stdout.on('data', (piece) => {
    json += piece;
  });
  await once(child, 'close');
  return JSON.parse(json);
}

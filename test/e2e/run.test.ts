import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { assertNoStack, type CliEnd, weighbridge } from '../support/cli.js';
import { drawnAnew } from '../support/draws.js';
import { total } from '../support/envoy-lab.js';
import { readResult } from '../support/result-schema.js';
import { httpServer } from '../support/servers.js';
import { HOST, sample, sampleLab, scratch } from './sample-lab.js';

const route = sample('httproute-90-10.yaml');

/** What service links of Kubernetes and habit put there; none of it is an option. */
const TRAPS = {
  WEIGHBRIDGE_PORT: 'tcp://10.0.0.1:80',
  WEIGHBRIDGE_SERVICE_HOST: '10.0.0.1',
  WEIGHBRIDGE_HOST: 'wrong.example.com',
  WEIGHBRIDGE_REQUESTS: '3',
  FORCE_COLOR: '1',
};

function assertQuiet(end: CliEnd): void {
  assertNoStack(end.stderr);
  assert.doesNotMatch(end.stdout + end.stderr, /\u001b/);
}

test('a split that is kept passes, with 0; the report, JSON and CSV agree', async (t) => {
  const lab = await sampleLab(t);
  const folder = scratch(t);
  const [json, csv] = [join(folder, 'run.json'), join(folder, 'run.csv')];
  // A share of 10 % is seen to 0.39 points: with 4 points of tolerance chance spoils the pass once in 10^15 runs.
  const load = ['-n', '6000', '-c20', '--tolerance', '4'];
  const words = [lab.urls.http as string, '-f', route, ...load, '--json', json, '--csv', csv];
  const { end, result, before } = await drawnAnew(
    async () => ({
      before: lab.counts().versions,
      end: await weighbridge(t, ['run', ...words], { env: TRAPS }),
      result: readResult(readFileSync(json, 'utf8')),
    }),
    (run) => run.result,
  );
  assert.equal(end.status, 0, end.stdout + end.stderr);
  assertQuiet(end);
  assert.match(end.stdout, /^PASS {2}backend-v2 got .* \(10 % ± 4\), errors below 1 %\n +6,000 requests in /);
  assert.equal(result.verdict, 'pass');
  assert.equal(result.requests.attributed, 6000);
  assert.equal(result.load.connections, 20);
  assert.equal(total(lab.counts().versions) - total(before), 6000 + result.requests.preflight);
  const rows = readFileSync(csv, 'utf8').split('\n');
  for (const { version, requests, expectedShare } of result.versions) {
    assert.ok(
      rows.some(
        (row) => row.startsWith(`version,${version},`) && row.includes(`,${expectedShare},${requests},`),
      ),
      rows.join('\n'),
    );
    assert.match(end.stdout, new RegExp(`^${version} .*\\b${requests.toLocaleString('en')}\\b`, 'm'));
  }
});

test('--driver: the report names undici, JSON what sent and which connections got bytes unasked', async (t) => {
  const { urls } = await sampleLab(t);
  const words = ['--host', HOST, '-n', '200', '--expect', 'v1=90,v2=10', urls.http as string];
  const undici = await weighbridge(t, ['run', '--driver', 'undici', ...words]);
  assert.match(undici.stdout, /^Load .*thread.* · driver undici$/m);
  for (const [driver, sends, unasked] of [
    ['auto', 'wire', 0],
    ['undici', 'undici', null],
  ] as const) {
    const { stdout } = await weighbridge(t, ['run', '--driver', driver, '--json', '-', ...words]);
    const { load, requests } = readResult(stdout);
    assert.deepEqual([load.driver, load.connectionsUnasked, requests.attributed], [sends, unasked, 200]);
  }
});

test('a split that is not kept fails, with 1; one that is not decided is 3; nothing to judge is 0', async (t) => {
  const lab = await sampleLab(t);
  const url = lab.urls.http as string;
  const fail = await weighbridge(t, ['run', '--host', HOST, '--expect', 'v1=70,v2=30', '-n2000', url]);
  assert.equal(fail.status, 1, fail.stdout + fail.stderr);
  assert.match(fail.stdout, /^FAIL /);
  // Exactly 54 and 6 of 60: among draws at random one run in fifty would look like a fail.
  let answered = 0;
  const exact = await httpServer(t, (_request, response) => {
    answered += 1;
    response.setHeader('x-version', answered % 10 === 0 ? 'v2' : 'v1');
    response.end();
  });
  const words = ['-n', '60', '-c', '5', '--no-preflight', '--version-from', 'header:x-version', '-f', route];
  const undecided = await weighbridge(t, ['run', `http://${exact.at}`, ...words]);
  assert.equal(undecided.status, 3, undecided.stdout + undecided.stderr);
  assert.match(undecided.stdout, /^INCONCLUSIVE /);
  const nothing = await weighbridge(t, ['run', url, '--host', HOST, '-n', '60', '-c', '5']);
  assert.equal(nothing.status, 0, nothing.stdout + nothing.stderr);
  assert.match(nothing.stdout, /^60 requests in /);
});

test('kubectl … -o yaml | weighbridge run -f -: nothing more is asked of the user', async (t) => {
  const lab = await sampleLab(t);
  const { port } = new URL(lab.urls.http as string);
  const input = readFileSync(sample('kubectl-get.yaml'), 'utf8')
    .replace('value: 203.0.113.7', 'value: 127.0.0.1')
    .replace('port: 80\n          protocol', `port: ${port}\n          protocol`);
  const end = await weighbridge(t, ['run', '-f', '-', '-n', '300', '--json', '-'], { input });
  const result = readResult(end.stdout);
  assert.equal(result.target.host, HOST);
  assert.deepEqual(result.target.addresses, [`127.0.0.1:${port}`]);
  assert.equal(result.requests.attributed, 300);
  assert.ok(result.notes.some(({ code }) => code === 'derived-address'));
});

test('--json - and --csv -: nothing else on standard output; the other report goes to its file', async (t) => {
  const lab = await sampleLab(t);
  const url = lab.urls.http as string;
  const folder = scratch(t);
  const json = await weighbridge(t, [
    'run',
    url,
    '--host',
    HOST,
    '-n50',
    '--json',
    '-',
    '--csv',
    join(folder, 'a.csv'),
  ]);
  assert.equal(json.status, 0, json.stderr);
  assert.equal(readResult(json.stdout).requests.scheduled, 50);
  assertQuiet(json);
  assert.match(readFileSync(join(folder, 'a.csv'), 'utf8'), /^row,version,/);
  const csv = await weighbridge(t, ['run', url, '--host', HOST, '-n50', '--csv', '-']);
  assert.equal(csv.status, 0, csv.stderr);
  const lines = csv.stdout.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^row,version,labels,/);
  assert.ok(
    lines.slice(1).every((line) => /^(version|all),/.test(line)),
    csv.stdout,
  );
});

test('--csv-dir: versions.csv is what --csv writes, ejections.csv has a head; analyze writes the same', async (t) => {
  const lab = await sampleLab(t);
  const folder = scratch(t);
  const [dir, again] = [join(folder, 'new', 'csv'), join(folder, 'again')];
  const [csv, saved] = [join(folder, 'run.csv'), join(dir, 'run.arrow')];
  const words = ['--host', HOST, '-n50', '--csv', csv, '--csv-dir', dir, '--save', saved];
  const end = await weighbridge(t, ['run', lab.urls.http as string, ...words]);
  assert.equal(end.status, 0, end.stderr);
  assert.match(end.stdout, /^50 requests in /, 'the table is there all the same');
  const versions = readFileSync(join(dir, 'versions.csv'), 'utf8');
  assert.match(versions, /^row,version,labels,/);
  assert.equal(readFileSync(csv, 'utf8'), versions);
  const ejections = readFileSync(join(dir, 'ejections.csv'), 'utf8');
  assert.match(ejections, /^version,endpoint,kind,start_ms,[a-z_,]+,source,[a-z_,]+\n$/);
  const analyzed = await weighbridge(t, ['analyze', saved, '--csv-dir', again, '--quiet']);
  assert.equal(analyzed.status, 0, analyzed.stderr);
  assert.equal(readFileSync(join(again, 'versions.csv'), 'utf8'), versions);
  assert.equal(readFileSync(join(again, 'ejections.csv'), 'utf8'), ejections);
});

test('--histogram: a file of all backends and one per version; --no-histogram is about the table; analyze writes the same', async (t) => {
  const lab = await sampleLab(t);
  const folder = scratch(t);
  const saved = join(folder, 'run.arrow');
  const words = ['--no-histogram', '--histogram', join(folder, 'live.hgrm'), '--save', saved];
  const end = await weighbridge(t, ['run', lab.urls.http as string, '-f', route, '-n200', ...words]);
  assert.match(end.stdout, /^Target /m);
  assert.doesNotMatch(end.stdout, /^Histogram /m);
  const files = (stem: string) =>
    ['', '-backend-v1', '-backend-v2'].map((of) => join(folder, `${stem}${of}.hgrm`));
  const live = files('live').map((file) => readFileSync(file, 'utf8'));
  for (const text of live) assert.match(text, /^ {3}Value\(ms\) {5}Percentile TotalCount/);
  assert.match(live[2] ?? '', /version "backend-v2"/);
  const analyzed = await weighbridge(t, [
    'analyze',
    saved,
    '--histogram',
    join(folder, 'again.hgrm'),
    '--quiet',
  ]);
  assert.equal(analyzed.stdout, '');
  assert.deepEqual(
    files('again').map((file) => readFileSync(file, 'utf8')),
    live,
  );
  const piped = await weighbridge(t, ['analyze', saved, '--histogram', '-']);
  assert.equal(piped.stdout, live[0]);
});

test('--print percentiles: below the table, alone with --quiet, and never in a report', async (t) => {
  const lab = await sampleLab(t);
  const saved = join(scratch(t), 'run.arrow');
  const list = /^Latency +backend-v1 +backend-v2 +all answers\nanswers .*\nmin (?:.*\n)*max .*\n/m;
  const run = [
    'run',
    lab.urls.http as string,
    '-f',
    route,
    '-n200',
    '--save',
    saved,
    '--print',
    'percentiles',
  ];
  const end = await weighbridge(t, run, { env: { COLUMNS: '60' } });
  assert.match(end.stdout, /^Target /m);
  assert.match(end.stdout.slice(end.stdout.lastIndexOf('\n\nLatency ')), list);
  for (const line of end.stdout.split('\n')) assert.ok(stringWidth(line) <= 60, line);
  const alone = await weighbridge(t, ['analyze', saved, '--quiet', '--print', 'percentiles']);
  assert.match(alone.stdout, /^Latency /);
  assert.match(alone.stdout, list);
  const both = await weighbridge(t, ['analyze', saved, '--print', 'percentiles', '--json', '-']);
  assert.match(both.stderr, /--json and --print would both write to standard output/);
  const unknown = await weighbridge(t, ['analyze', saved, '--print', 'percentiles,all']);
  assert.match(unknown.stderr, /--print: there is no 'all' to print; there is: percentiles\./);
  assert.deepEqual([both.status, unknown.status], [2, 2]);
});

test('a narrow terminal: every line of the report fits', async (t) => {
  const lab = await sampleLab(t);
  const words = ['run', lab.urls.http as string, '-f', route, '-n', '200'];
  const end = await weighbridge(t, words, { env: { COLUMNS: '60' } });
  assert.match(end.stdout, /^backend-v1 /m);
  for (const line of end.stdout.split('\n')) assert.ok(stringWidth(line) <= 60, line);
});

test('--quiet says nothing; the exit status still tells', async (t) => {
  const lab = await sampleLab(t);
  const words = [
    'run',
    lab.urls.http as string,
    '--host',
    HOST,
    '--expect',
    'v1=50,v2=50',
    '-n1000',
    '--quiet',
  ];
  assert.deepEqual(await weighbridge(t, words), { status: 1, stdout: '', stderr: '' });
});

test('headers and body arrive as given, and secrets are in no report', async (t) => {
  const heads: unknown[][] = [];
  const server = await httpServer(t, async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    heads.push([request.headers['x-a'], request.headers.authorization, request.headers['x-token'], body]);
    response.setHeader('x-version', 'v1');
    response.end('ok');
  });
  const file = join(scratch(t), 'run.json');
  const end = await weighbridge(t, [
    ...[
      'run',
      '-H',
      'x-a: b',
      '-HAuthorization: Bearer hunter2',
      '-H',
      'X-Token: hunter3',
      '--secret',
      'x-token',
    ],
    ...['-d', '{"a": "b c"}', '--version-from', 'header:x-version', '-n20', '-c2', '--json', file],
    `http://${server.at}/a`,
  ]);
  assert.equal(end.status, 0, end.stderr);
  assert.equal(heads.length, 20 + readResult(readFileSync(file, 'utf8')).requests.preflight);
  for (const head of heads) assert.deepEqual(head, ['b', 'Bearer hunter2', 'hunter3', '{"a": "b c"}']);
  const everything = end.stdout + end.stderr + readFileSync(file, 'utf8');
  assert.doesNotMatch(everything, /hunter/);
  assert.match(everything, /X-Token/);
});

test('an open loop keeps its rate', async (t) => {
  const server = await httpServer(t, (_request, response) => response.end('hello v1'));
  // As many connections as requests: none waits for one, however late the answers are.
  const words = [
    '-q',
    '200',
    '-z',
    '1s',
    '-c',
    '200',
    '--version-from',
    'body:/hello (\\S+)/',
    '--json',
    '-',
  ];
  const end = await weighbridge(t, ['run', `http://${server.at}`, ...words]);
  const { requests, load } = readResult(end.stdout);
  assert.equal(load.mode, 'open');
  assert.equal(requests.scheduled, 200);
  assert.equal(requests.attributed, 200);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, until } from '../lab/client.js';
import { assertNoStack, assertSaid, refusal, startCli, weighbridge } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer } from '../support/servers.js';
import { sample } from './sample-lab.js';

const FREE = ['--port', '0', '--tls-port', '0', '--control-port', '0'];

test('weighbridge lab serves the samples until Ctrl-C, and what it suggests works', async (t) => {
  const lab = startCli(t, ['lab', ...FREE, '--seed', '3', '--fault', 'backend-v2:status=500']);
  await until(() => /^Seed: 3$/m.test(lab.stdout()), 'the lab says that it runs');
  const suggested = /^ {2}weighbridge (run .*)$/m.exec(lab.stdout())?.[1] ?? '';
  const run = await weighbridge(t, [...suggested.split(' '), '-n', '300', '--json', '-']);
  const result = readResult(run.stdout);
  assert.equal(result.requests.scheduled, 300);
  assert.ok((result.overall.statuses['500'] ?? 0) > 0, JSON.stringify(result.overall.statuses));
  const control = /(http:\S+) {2}control endpoint/.exec(lab.stdout())?.[1] ?? '';
  assert.match((await ask(control, { path: '/state', host: new URL(control).host })).body, /backend-v2/);
  lab.child.kill('SIGINT');
  const end = await lab.end;
  assert.equal(end.status, 0, end.stderr);
  assertNoStack(end.stderr);
});

test('with --tell-endpoint the suggested run reads endpoints', async (t) => {
  const lab = startCli(t, ['lab', ...FREE, '--tell-endpoint', '--seed', '3']);
  await until(() => /^Seed: 3$/m.test(lab.stdout()), 'the lab says that it runs');
  const suggested = /^ {2}weighbridge (run .*)$/m.exec(lab.stdout())?.[1] ?? '';
  const run = await weighbridge(t, [...suggested.split(' '), '-n', '300', '--json', '-']);
  const { versions } = readResult(run.stdout);
  assert.deepEqual(
    versions.map(({ endpoints }) => endpoints.length),
    [3, 2],
  );
  lab.child.kill('SIGINT');
  assert.equal((await lab.end).status, 0);
});

test('--print-envoy prints JSON and ends', async (t) => {
  const end = await weighbridge(t, [
    'lab',
    ...FREE,
    '--print-envoy',
    '-f',
    sample('httproute-90-10.yaml'),
    '-f',
    sample('gateway.yaml'),
  ]);
  assert.equal(end.status, 0, end.stderr);
  assert.ok('static_resources' in JSON.parse(end.stdout));
});

test('what a lab cannot be started with: one clear line', async (t) => {
  const taken = await httpServer(t, (_request, response) => response.end());
  const cases: readonly (readonly [words: string[], message: RegExp])[] = [
    [['--fault', 'backend-v2:explode'], /fault/],
    [['--port', '99999'], /--port: 99999 is out of range/],
    [['-f', 'no-such.yaml'], /no-such\.yaml: no such file or folder/],
    [['-f', sample('gateway.yaml')], /contain no HTTPRoute/],
    [['--envoy-path', '/bin/true'], /--envoy-path belongs to a real Envoy/],
    [['--event-log', 'events.json'], /--event-log: only a real Envoy writes an outlier event log/],
    [
      ['--envoy', '--event-log', '/no/such/e.json'],
      /--event-log: \/no\/such\/e\.json cannot be written \(ENOENT\)\.$/m,
    ],
    [['--envoy', '--event-log', '/'], /--event-log: \/ is a folder\.$/m],
    [['--port', String(taken.port), '--control-port', '0'], /port/],
  ];
  for (const [words, message] of cases) assertSaid(await refusal(t, ['lab', ...words]), 2, message);
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, until } from '../lab/client.js';
import { assertNoStack, startCli, weighbridge } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer } from '../support/servers.js';
import { HOST, scratch } from './sample-lab.js';

/** A backtracking engine does not end with the first rule's expression on this path. */
const HOSTILE_PATH = `/${'a'.repeat(4000)}`;
const VIRTUAL_SERVICE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: backend, namespace: istio-test}
spec:
  hosts: [${HOST}]
  http:
    - match: [{uri: {regex: '/([a-z]+[a-z0-9]*)*/x'}}]
      route: [{destination: {host: backend-v1, port: {number: 80}}}]
    - route: [{destination: {host: backend-v2, port: {number: 80}}}]
`;

test('a VirtualService with a hostile expression stops neither the lab nor a run', async (t) => {
  const manifest = join(scratch(t), 'virtualservice.yaml');
  writeFileSync(manifest, VIRTUAL_SERVICE);
  const lab = startCli(t, ['lab', '-f', manifest, '--port', '0', '--control-port', '0']);
  const gateway = () => /(http:\/\/127\.0\.0\.1:\d+)/.exec(lab.stdout())?.[1];
  await until(() => gateway() !== undefined && /^Seed: /m.test(lab.stdout()), 'the lab says that it runs');
  const url = gateway() as string;
  assert.match((await ask(url, { path: HOSTILE_PATH, host: HOST })).body, /backend v2/);
  assert.match((await ask(url, { path: '/aa/x', host: HOST })).body, /backend v1/);

  const run = await weighbridge(t, ['run', `${url}${HOSTILE_PATH}`, '-f', manifest, '-n', '400']);
  assert.equal(run.status, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /backend-v2 .*400/);
  lab.child.kill('SIGINT');
  const end = await lab.end;
  assert.equal(end.status, 0, end.stderr);
  assertNoStack(end.stderr);
});

/** Each response is read for 5 s by a backtracking engine. */
const HOSTILE_BODY = 'a'.repeat(65_000);
const FROM = ['--version-from', 'body:/([\\w.-]+)-v\\d+/'];

test('bodies without the version, of any length: the run ends, and Ctrl-C ends it with a report', async (t) => {
  let count = 0;
  // The pre-flight finds a version.
  const server = await httpServer(t, (_request, response) => {
    count += 1;
    response.end(count === 1 ? 'web-v1' : HOSTILE_BODY);
  });
  const whole = await weighbridge(t, ['run', `http://${server.at}`, ...FROM, '-n', '50', '-c', '4']);
  assert.match(whole.stdout, /^50 requests in /, whole.stderr);

  count = 0;
  const file = join(scratch(t), 'run.json');
  const run = startCli(t, ['run', `http://${server.at}`, ...FROM, '-z', '60s', '--json', file]);
  const before = server.seen.total;
  await until(() => server.seen.total > before + 150, 'some load');
  run.child.kill('SIGINT');
  const end = await run.end;
  assert.equal(end.status, 130, end.stderr);
  const result = readResult(readFileSync(file, 'utf8'));
  assert.equal(result.ended, 'interrupted');
  // All but those in flight on the 50 connections, and the one of the pre-flight.
  assert.ok(result.requests.unattributed >= 100, JSON.stringify(result.requests));
});

test('in the pre-flight too, SIGTERM ends the run', async (t) => {
  const server = await httpServer(t, (_request, response) => response.end(HOSTILE_BODY));
  const words = [...FROM, '--expect', 'v1=1,v2=1', '--settle', '60s'];
  const run = startCli(t, ['run', `http://${server.at}`, ...words]);
  await until(() => server.seen.total > 10, 'some requests of the pre-flight');
  run.child.kill('SIGTERM');
  const end = await run.end;
  assert.equal(end.status, 143, end.stderr);
  assertNoStack(end.stderr);
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, until } from '../lab/client.js';
import { assertNoStack, startCli, weighbridge } from '../support/cli.js';
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

  const run = await weighbridge(t, ['run', `${url}${HOSTILE_PATH}`, '-f', manifest, '-n', '200']);
  assert.equal(run.status, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /backend-v2 .*200/);
  lab.child.kill('SIGINT');
  const end = await lab.end;
  assert.equal(end.status, 0, end.stderr);
  assertNoStack(end.stderr);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertNoStack, assertSaid, weighbridge } from '../support/cli.js';
import { sample } from './sample-lab.js';

const ROUTE = sample('httproute-90-10.yaml');
const NGINX = join('test', 'fixtures', 'cases', 'instrument-nginx', 'manifest.yaml');

test('weighbridge instrument prints the manifests, and says what to do with them on standard error', async (t) => {
  const text = readFileSync(ROUTE, 'utf8');
  const end = await weighbridge(t, ['instrument', '-f', ROUTE]);
  assert.equal(end.status, 0, end.stderr);
  assert.match(end.stdout, /^# backend-v1 gets 90 of 100/);
  assert.match(end.stdout, /- name: x-weighbridge-version\n +value: backend-v1\n/);
  assert.match(end.stdout, /^kind: EnvoyFilter$/m);
  for (const line of [
    /HTTPRoute istio-test\/backend-route: 2 backends with the response header/,
    /every client then sees pod addresses.*--no-endpoints/,
    /weighbridge run … --version-from header:x-weighbridge-version --endpoint-from header:x-weighbridge-endpoint/,
    /kubectl delete envoyfilter -n istio-test weighbridge-endpoint/,
  ]) {
    assert.match(end.stderr, line);
  }
  const without = await weighbridge(t, ['instrument', '-f', '-', '--no-endpoints'], { input: text });
  assert.equal(without.status, 0, without.stderr);
  assert.ok(end.stdout.startsWith(without.stdout));
  assert.doesNotMatch(without.stdout + without.stderr, /EnvoyFilter|x-weighbridge-endpoint/);

  const again = await weighbridge(t, ['instrument', '-f', '-'], { input: end.stdout });
  assert.deepEqual([again.status, again.stdout], [0, end.stdout]);
  for (const line of [
    /2 backends already had it/,
    /EnvoyFilter weighbridge-endpoint already exists: every client sees pod addresses/,
    /--endpoint-from header:x-weighbridge-endpoint \(detected by default too\)/,
    /To undo it: weighbridge instrument --undo/,
    /and: kubectl delete envoyfilter -n istio-test weighbridge-endpoint/,
  ]) {
    assert.match(again.stderr, line);
  }
  assert.match(without.stderr, /--version-from header:x-weighbridge-version \(detected by default too\)/);

  const back = await weighbridge(t, ['instrument', '--undo', '-f', '-'], { input: end.stdout });
  assert.deepEqual([back.status, back.stdout], [0, text]);
  assert.match(back.stderr, /2 backends without the response header/);
  assert.match(back.stderr, /stays until: kubectl delete envoyfilter -n istio-test weighbridge-endpoint/);
  assertNoStack(end.stderr + back.stderr);
});

test('--force adds the filters for a gateway that does not apply them, and --undo takes them out again', async (t) => {
  const text = readFileSync(NGINX, 'utf8');
  const forced = await weighbridge(t, ['instrument', '-f', NGINX, '--no-endpoints', '--force']);
  assert.equal(forced.status, 0, forced.stderr);
  assert.match(forced.stderr, /is NGINX Gateway Fabric, which answers 500/);
  const back = await weighbridge(t, ['instrument', '--undo', '-f', '-'], { input: forced.stdout });
  assert.deepEqual([back.status, back.stdout], [0, text]);
});

test('what cannot be instrumented: one clear line, and nothing on standard output', async (t) => {
  const cases: readonly (readonly [words: string[], message: RegExp, input?: string])[] = [
    [[], /Nothing to instrument\. Give manifests with routes with -f/],
    [['-f', 'no-such.yaml'], /no-such\.yaml: no such file or folder/],
    [['-f', ROUTE, 'route.yaml'], /'route\.yaml' is an extra argument/],
    [['-f', sample('deployments.yaml')], /contain no HTTPRoute, GRPCRoute or VirtualService/],
    [[ROUTE], /is an extra argument\. Write an option before each value/],
    [['-f', '-'], /standard input: document 1, line 1: YAML error/, '{'],
    [['-f', ROUTE, '--undo', '--no-endpoints'], /--undo and --no-endpoints contradict each other/],
    [['-f', ROUTE, '--undo', '--force'], /--undo and --force contradict each other/],
    [['-f', NGINX], /NGINX Gateway Fabric, which answers 500 .*--force/s],
  ];
  for (const [words, message, input] of cases) {
    assertSaid(
      await weighbridge(t, ['instrument', ...words], input === undefined ? {} : { input }),
      2,
      message,
    );
  }
});

/** A process that may open few files: said before any load, and counted apart when it is met in the middle of one. */
import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../../src/analysis/result.js';
import { assertNoStack, BIN } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer, type TestServer } from '../support/servers.js';
import { type End, limited } from './limited.js';
import { sample, scratch } from './sample-lab.js';

function answering(t: Parameters<typeof httpServer>[0]): Promise<TestServer> {
  return httpServer(t, (_request, response) => {
    response.setHeader('x-version', 'v1');
    response.end('ok');
  });
}

test('ulimit -n 128 and -c 120: said before anything is sent, with numbers that hold', async (t) => {
  const server = await answering(t);
  const words = (connections: number) => [
    ...[BIN, 'run', `http://${server.at}`, '--version-from', 'header:x-version', '--json', '-'],
    ...['-c', String(connections), '--threads', '2', '-n', '400', '--requests-per-connection', '3'],
  ];
  const refused = await limited(128, ...words(120));
  assert.equal(refused.code, 2, refused.stderr);
  assert.equal(refused.stdout, '');
  assertNoStack(refused.stderr);
  assert.match(refused.stderr, /^weighbridge: 120 connections with 2 threads need about \d+ open files/);
  assert.match(refused.stderr, /this process may have 128\. Nothing was sent\./);
  assert.equal(server.seen.total, 0);
  const needed = Number(/ulimit -n (\d+)/.exec(refused.stderr)?.[1]);
  const fitting = Number(/-c (\d+)\.$/m.exec(refused.stderr)?.[1]);
  for (const [limit, connections] of [
    [128, fitting],
    [needed, 120],
  ] as const) {
    const end = await limited(limit, ...words(connections));
    assert.equal(end.code, 0, end.stderr);
    const { requests, failures } = readResult(end.stdout);
    assert.deepEqual([requests.attributed, failures], [400, {}]);
  }
});

test('files that run out in the middle of a run: a kind of its own, nothing lost, and it goes on', async (t) => {
  const server = await answering(t);
  const program = fileURLToPath(new URL('../support/starved-run.js', import.meta.url));
  const end = await limited(100, program, `http://${server.at}/`);
  assert.equal(end.code, 0, end.stderr);
  const result = JSON.parse(end.stdout) as RunResult;
  const { scheduled, attributed, unattributed, failed, cutOff } = result.requests;
  assert.equal(attributed + unattributed + failed + cutOff, scheduled);
  assert.deepEqual(Object.keys(result.failures), ['no-file-descriptor']);
  assert.equal(result.failures['no-file-descriptor'], failed);
  assert.ok(failed >= 20 && attributed > 500 && cutOff <= 20, JSON.stringify(result.requests));
  // It was not sent, so that no version can have been drawn for it; what was cut off may have been.
  assert.equal(result.overall.requests, attributed);
  assert.ok(attributed <= server.seen.total && server.seen.total <= attributed + cutOff);
  const note = result.notes.find(({ code }) => code === 'no-file-descriptor');
  assert.match(note?.text ?? '', /^\d+ requests could not open a connection .*ulimit -n/);
});

/** Exit status 2, and nothing but the reason and what to do. */
function assertTold(
  end: End,
  what: string,
  words = /too many files are open in this process: .*ulimit -n/,
): void {
  assert.match(end.stderr, words, what);
  assertNoStack(end.stderr);
  assert.equal(end.code, 2, `${what}: ${end.stderr}`);
}

test('every command works within a limit of open files, or says that it is the limit', async (t) => {
  const server = await answering(t);
  const folder = scratch(t);
  const saved = join(folder, 'run.arrow');
  const url = `http://${server.at}`;
  const load = ['-n', '40', '-c', '1', '--version-from', 'header:x-version'];
  assert.equal((await limited(1000, BIN, 'run', url, ...load, '--save', saved)).code, 0);
  const commands = [
    ['identify', url],
    ['run', url, ...load, '--csv-dir', folder, '--json', join(folder, 'run.json')],
    ['analyze', saved],
    ['instrument', '-f', sample('httproute-90-10.yaml'), '-f', sample('gateway.yaml')],
    ['lab', '--print-envoy'],
    ['demo', '--out', join(folder, 'demo')],
  ];
  for (const words of commands) {
    assertTold(await limited(28, BIN, ...words), `${words[0]} with 28`);
    for (const limit of [36, 46]) {
      const end = await limited(limit, BIN, ...words);
      // 3: forty requests decide nothing.
      if (end.code === 2) assertTold(end, `${words[0]} with ${limit}`, /ulimit -n/);
      else
        assert.ok(end.code === 0 || end.code === 3, `${words[0]} with ${limit}: ${end.code} ${end.stderr}`);
    }
  }
});

test('files, ports and connections that cannot be opened for this reason do not look like faults of their own', async (t) => {
  const server = await answering(t);
  const folder = scratch(t);
  const first = join(folder, '0.arrow');
  const load = ['-n', '40', '-c', '1', '--version-from', 'header:x-version'];
  await limited(1000, BIN, 'run', `http://${server.at}`, ...load, '--save', first);
  const shards = Array.from({ length: 60 }, (_, i) => join(folder, `${i}.arrow`));
  for (const file of shards.slice(1)) copyFileSync(first, file);
  assertTold(
    await limited(60, BIN, 'analyze', ...shards),
    'analyze',
    /\.arrow cannot be read \(EMFILE, .*ulimit -n\)/,
  );

  const names = Array.from({ length: 60 }, (_, i) => `s${i}`);
  const references = names.map((name) => `{name: ${name}, port: 80}`).join(', ');
  const route = join(folder, 'route.yaml');
  writeFileSync(
    route,
    `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {rules: [{backendRefs: [${references}]}]}}`,
  );
  assertTold(await limited(70, BIN, 'lab', '-f', route, '--port', '0', '--control-port', '0'), 'lab');
  const demo = await limited(80, BIN, 'demo', '--out', join(folder, 'demo'));
  assertTold(
    demo,
    'demo',
    /The demo needs about \d+ open files, .* Nothing was sent\. Raise the limit \(ulimit -n \d+\)/,
  );
});

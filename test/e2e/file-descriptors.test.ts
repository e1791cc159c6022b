/** A process that may open few files: said before any load, and counted apart when it is met in the middle of one. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RunResult } from '../../src/analysis/result.js';
import { assertNoStack, BIN } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer, type TestServer } from '../support/servers.js';

const run = promisify(execFile);

interface End {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs node with at most `limit` open files. */
function limited(limit: number, ...args: readonly string[]): Promise<End> {
  const words = ['-c', 'ulimit -n "$1"; shift; exec "$@"', 'bash', String(limit), process.execPath, ...args];
  return run('bash', words, { maxBuffer: 64 * 1024 * 1024 }).then(
    (end) => ({ code: 0, ...end }),
    (error: End) => error,
  );
}

function answering(t: Parameters<typeof httpServer>[0]): Promise<TestServer> {
  return httpServer(t, (_request, response) => {
    response.setHeader('x-version', 'v1');
    response.end('ok');
  });
}

test('ulimit -n 64 and -c 50: said before anything is sent, with numbers that hold', async (t) => {
  const server = await answering(t);
  const words = (connections: number) => [
    ...[BIN, 'run', `http://${server.at}`, '--version-from', 'header:x-version', '--json', '-'],
    ...['-c', String(connections), '--threads', '2', '-n', '400', '--requests-per-connection', '3'],
  ];
  const refused = await limited(64, ...words(50));
  assert.equal(refused.code, 2, refused.stderr);
  assert.equal(refused.stdout, '');
  assertNoStack(refused.stderr);
  assert.match(refused.stderr, /^weighbridge: 50 connections with 2 threads need about \d+ open files/);
  assert.match(refused.stderr, /this process may have 64\. Nothing was sent\./);
  assert.equal(server.seen.total, 0);
  const needed = Number(/ulimit -n (\d+)/.exec(refused.stderr)?.[1]);
  const fitting = Number(/-c (\d+)\.$/m.exec(refused.stderr)?.[1]);
  for (const [limit, connections] of [
    [64, fitting],
    [needed, 50],
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

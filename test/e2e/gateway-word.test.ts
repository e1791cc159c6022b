/** `--envoy-admin` and `--envoy-event-log` as they are typed: what cannot be read, and what is waited for. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunResult } from '../../src/analysis/result.js';
import { until } from '../lab/client.js';
import { assertNoStack, assertSaid, refusal, startCli, weighbridge, withoutCommand } from '../support/cli.js';
import { clusterOf, logFile } from '../support/gateway-word.js';
import { readResult } from '../support/result-schema.js';
import { httpServer, lastingPort, type TestServer } from '../support/servers.js';
import { scratch } from './sample-lab.js';

function server(t: TestContext): Promise<TestServer> {
  return httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', 'backend-v2');
    reply.end('hello');
  });
}

const FROM = ['--version-from', 'header:x-version', '--endpoint-from', 'none'];

/** An ejection that begins now and does not end. */
function ejectedNow(): string {
  return `${JSON.stringify({
    type: 'CONSECUTIVE_5XX',
    timestamp: new Date().toISOString(),
    cluster_name: clusterOf('backend-v2'),
    upstream_url: '10.0.3.17:8080',
    action: 'EJECT',
    num_ejections: 1,
    enforced: true,
    eject_consecutive_event: {},
  })}\n`;
}

function gatewayOf(json: string): NonNullable<NonNullable<RunResult['ejections']>['gateway']> {
  const { ejections } = readResult(json);
  assert.ok(ejections?.gateway);
  return ejections.gateway;
}

test('a log that is not there, and an invalid URL, end before anything is sent', async (t) => {
  const { at, requests } = await counting(t);
  const url = `http://${at}`;
  const none = ['run', url, '-n', '10', ...FROM, '--envoy-event-log', join(scratch(t), 'none.log')];
  assertSaid(await refusal(t, none), 2, /--envoy-event-log: .*none\.log cannot be read \(ENOENT\)/);
  assertSaid(
    await refusal(t, ['run', url, '-n', '10', ...FROM, '--envoy-admin', 'ftp://x']),
    2,
    /--envoy-admin: 'ftp:\/\/x'/,
  );
  const log = logFile(t, '');
  const over = ['run', url, '-n', '10', ...FROM, '--envoy-event-log', log, '--json', log];
  assertSaid(await refusal(t, over), 2, /--json would write to .*, which --envoy-event-log reads/);
  assert.equal(requests(), 0);
});

async function counting(t: TestContext): Promise<{ at: string; requests: () => number }> {
  let n = 0;
  const { at } = await httpServer(t, (_request, reply) => {
    n += 1;
    reply.end('hello');
  });
  return { at, requests: () => n };
}

test('an interface that is down and a log of another time are remarks of a run like any other', async (t) => {
  const { at } = await server(t);
  const log = logFile(
    t,
    ejectedNow().replace(/"timestamp":"[^"]*"/, '"timestamp":"2020-01-01T00:00:00.000Z"'),
  );
  const admin = `http://127.0.0.1:${await lastingPort()}`;
  const saved = join(scratch(t), 'run.arrow');
  const words = ['--envoy-admin', admin, '--envoy-event-log', log];
  const end = await weighbridge(t, [
    'run',
    `http://${at}`,
    '-n',
    '200',
    ...FROM,
    ...words,
    '--save',
    saved,
    '--json',
    '-',
  ]);
  assert.equal(end.status, 0, end.stderr);
  assert.doesNotMatch(end.stderr, /waiting/);
  const { windows, remarks, counters, clockOffsetMs } = gatewayOf(end.stdout);
  assert.deepEqual([windows, counters, clockOffsetMs], [[], null, null]);
  assert.match(remarks.join('\n'), /reported nothing: it did not answer \(ECONNREFUSED\)/);
  assert.match(remarks.join('\n'), /its 1 line is of 2020-01-01T00:00:00Z/);
  const again = await weighbridge(t, ['analyze', saved, '--json', '-']);
  assert.equal(withoutCommand(again.stdout), withoutCommand(end.stdout));
  const other = await weighbridge(t, ['analyze', saved, '--envoy-event-log', logFile(t, ''), '--json', '-']);
  assert.match(gatewayOf(other.stdout).remarks.join('\n'), /it is empty/);
  assert.doesNotMatch(other.stdout, /2020-01-01/);
  assertSaid(await weighbridge(t, ['analyze', saved, '--envoy-event-log', `${log}.none`]), 2, /ENOENT/);
});

test('what Envoy may still hold back is waited for; Ctrl-C ends the wait and keeps the run', async (t) => {
  const { at, seen } = await server(t);
  const log = logFile(t, '');
  const json = join(scratch(t), 'result.json');
  const words = [
    'run',
    `http://${at}`,
    '-z',
    '2s',
    '-q',
    '100',
    ...FROM,
    '--envoy-event-log',
    log,
    '--json',
    json,
  ];
  const cli = startCli(t, words);
  await until(() => seen.total > 20, 'some load');
  appendFileSync(log, ejectedNow());
  await until(
    () => cli.stderr().includes('waiting, at most 12 s, for events that Envoy has not written'),
    'the end of the load',
  );
  assert.equal(existsSync(json), false);
  cli.child.kill('SIGINT');
  const end = await cli.end;
  assert.equal(end.status, 0, end.stderr);
  assertNoStack(end.stderr);
  const text = readFileSync(json, 'utf8');
  assert.equal(readResult(text).ended, 'completed');
  assert.match(end.stderr, /interrupted; no longer waiting for the event log; .* the whole report follows/);
  assert.doesNotMatch(end.stderr, /so far/);
  const { windows, unknownAfterMs, remarks } = gatewayOf(text);
  assert.match(remarks.join('\n'), /the wait for its last lines was interrupted/);
  assert.doesNotMatch(remarks.join('\n'), /not waited for/);
  assert.equal(end.stdout.match(/After \d+\.\d+ s/g)?.length, 1, end.stdout);
  assert.equal(windows[0]?.address, '10.0.3.17:8080');
  assert.notEqual(unknownAfterMs, null);
});

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import stringWidth from 'string-width';
import type { IdentifyResult } from '../../src/probes/preflight/identify-result.js';
import { APP_SAMPLES, type AppSample } from '../probes/identifier/samples.js';
import { assertNoStack, assertSaid, refusal, weighbridge } from '../support/cli.js';
import { httpServer, rawServer, response, unusedPort } from '../support/servers.js';

/** `/3` answers as the fourth of the samples. */
function sampleServer(t: TestContext) {
  return httpServer(t, (request, answer) => {
    const { headers, body } = APP_SAMPLES[Number(request.url?.slice(1))] as AppSample;
    answer.writeHead(
      200,
      headers.map((part) => part.toString('latin1')),
    );
    answer.end(body);
  });
}

test('an answer of each kind: its preset, in the table and as JSON', async (t) => {
  const server = await sampleServer(t);
  // One of them as text, one to a file; the rest of the kinds are tested where they are read.
  const whoami = APP_SAMPLES.findIndex(({ preset }) => preset === 'whoami');
  const table = await weighbridge(t, ['identify', `http://${server.at}/${whoami}`]);
  assert.deepEqual([table.status, table.stderr], [0, '']);
  assert.match(table.stdout, /answered 200\.\n\nBody\n {2}Name: blue\n/);
  assert.match(
    table.stdout,
    /^\* {2}--version-from whoami --endpoint-from whoami {2,}blue {2,}whoami-blue-6d5f4b9c7-k8s2p$/m,
  );

  const openai = APP_SAMPLES.findLastIndex(({ preset }) => preset === 'openai');
  const json = await weighbridge(t, ['identify', `http://${server.at}/${openai}`, '--json', '-']);
  assert.equal(json.status, 0);
  const result = JSON.parse(json.stdout) as IdentifyResult;
  assert.deepEqual(result.detected, {
    version: 'openai',
    endpoint: 'none',
    why: 'the body is an event stream with model',
  });
  assert.deepEqual(result.identifiers, [
    {
      flags: ['--version-from', 'openai'],
      version: 'llama-v2',
      endpoint: null,
      detected: true,
      warning: null,
    },
  ]);
  assert.equal(server.seen.total, 2, 'one request each');
});

test('candidates come from --expect, and the request from the target flags', async (t) => {
  const heads: string[] = [];
  const server = await rawServer(t, (socket, { head }) => {
    heads.push(head);
    socket.write(response({ headers: { 'content-type': 'text/plain' }, body: 'the green one\n' }));
  });
  const end = await weighbridge(t, [
    'identify',
    'http://gateway.invalid/x',
    `--connect-to`,
    `::${server.at}`,
    '--host',
    'test.devopscube.com',
    '-X',
    'OPTIONS',
    '-H',
    'x-a: b',
    '--expect',
    'blue=1,green=1',
  ]);
  assert.match(end.stdout, /^\* {2}--version-from http-echo {2,}green {2,}-$/m, end.stderr);
  assert.match(heads[0] ?? '', /^OPTIONS \/x HTTP\/1\.1\r\nhost: test\.devopscube\.com\r\n/i);
  assert.match(heads[0] ?? '', /^x-a: b/im);
});

test('a hostile answer in a terminal of 60 columns', async (t) => {
  const evil = '\u001b]0;title\u0007\u001b[2J<script>\u202e';
  const server = await httpServer(t, (_request, answer) => {
    answer.setHeader('x-version', Buffer.from(evil.replace(/[^ -~]/g, '')).toString('latin1'));
    answer.end(`Version: ${evil}${'長'.repeat(100)}\n${evil}=${evil}\n`.repeat(2000));
  });
  const end = await weighbridge(t, ['identify', `http://${server.at}/`], { env: { COLUMNS: '60' } });
  assert.equal(end.status, 0, end.stderr);
  assert.match(end.stdout, /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]*$/);
  for (const line of end.stdout.split('\n')) assert.ok(stringWidth(line) <= 60, line);
  assert.match(end.stdout, /header:x-version/);
});

test('nothing to read, and what a run could not begin with', async (t) => {
  const server = await httpServer(t, (request, answer) => {
    if (request.url === '/moved') answer.writeHead(302, { location: 'http://elsewhere/' });
    answer.end(request.url === '/moved' ? '' : '<p>hello</p>');
  });
  const nothing = await weighbridge(t, ['identify', `http://${server.at}/`]);
  assert.equal(nothing.status, 0);
  assert.match(nothing.stdout, /Nothing here is known to tell a version/);
  const moved = await weighbridge(t, ['identify', `http://${server.at}/moved`]);
  assert.equal(moved.status, 4);
  assert.match(moved.stdout, /answered 302\.\n.*a redirect to http:\/\/elsewhere\//s);
});

test('no answer: the reason, exit 4; wrong use: exit 2; a file that cannot be written: exit 2 before sending', async (t) => {
  const port = await unusedPort();
  assertSaid(await weighbridge(t, ['identify', `http://127.0.0.1:${port}/`]), 4, /refuses connections/);
  assertSaid(await refusal(t, ['identify']), 2, /Nothing to send requests to/);
  assertSaid(await refusal(t, ['identify', 'http://a/', 'http://b/']), 2, /only one URL is allowed/i);
  assertSaid(
    await refusal(t, ['identify', 'http://a/', '-c', '5']),
    2,
    /no option -c.*'weighbridge identify --help'/s,
  );
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-identify-'));
  const server = await httpServer(t, (_request, answer) => answer.end('"blue"'));
  assertSaid(
    await refusal(t, ['identify', `http://${server.at}/`, '--json', folder]),
    2,
    /--json: .* is a folder/,
  );
  assert.equal(server.seen.total, 0);
  const file = join(folder, 'out.json');
  const both = await weighbridge(t, ['identify', `http://${server.at}/`, '--json', file]);
  assert.equal(both.status, 0);
  assertNoStack(both.stdout);
  assert.match(both.stdout, /rollouts-demo/);
  assert.equal((JSON.parse(readFileSync(file, 'utf8')) as IdentifyResult).detected?.version, 'rollouts-demo');
});

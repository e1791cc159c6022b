/** `weighbridge limits` as a process: signals, pipes, exit statuses and what it says of wrong flags. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../lab/client.js';
import { breakerServer, oneVersion, twoVersions } from '../support/breaker-server.js';
import { assertNoStack, assertSaid, BIN, refusal, startCli, weighbridge } from '../support/cli.js';
import { loads } from '../support/limits/whole-search.js';
import { readLimits } from '../support/limits-schema.js';
import { httpServer } from '../support/servers.js';
import { limited } from './limited.js';
import { scratch } from './sample-lab.js';

const VERSION = ['--version-from', 'header:x-version'];

for (const [signal, status, ended] of [
  ['SIGINT', 130, 'interrupted'],
  ['SIGTERM', 143, 'terminated'],
] as const) {
  test(`${signal}: the steps that had ended are reported, and the status is ${status}`, async (t) => {
    const server = await breakerServer(t, oneVersion());
    const file = join(scratch(t), 'limits.json');
    const search = startCli(t, ['limits', `http://${server.at}`, ...VERSION, '--json', file]);
    await until(() => search.stderr().includes('2 connections: '), 'two steps');
    search.child.kill(signal);
    await until(() => search.stderr().includes(ended), 'the signal is noticed');
    // The second one waits for nothing, and changes neither report nor status.
    if (signal === 'SIGINT') search.child.kill(signal);
    const end = await search.end;
    assert.equal(end.status, status, end.stderr);
    assertNoStack(end.stderr);
    assert.match(
      end.stdout,
      new RegExp(`The search was ${ended}; the \\d+ steps that had ended are shown\\.`),
    );
    const result = readLimits(readFileSync(file, 'utf8'));
    assert.equal(result.ended, ended);
    assert.ok(loads(result).length >= 2);
    const { scheduled, accepted, refused, failed, cutOff } = result.requests;
    assert.equal(accepted + refused + failed + cutOff, scheduled);
  });
}

test('steps are told on standard error while they are made, and not with --quiet', async (t) => {
  const server = await breakerServer(t, oneVersion());
  const words = ['limits', `http://${server.at}`, ...VERSION, '--steps', '1', '--refusal-threshold', '50%'];
  const [loud, quiet] = [await weighbridge(t, words), await weighbridge(t, [...words, '--quiet'])];
  assert.equal(loud.status, 0, loud.stderr);
  assert.match(loud.stderr, /^weighbridge: 1 connection: [\d.]+\/s, 0 % refused\n$/);
  assert.match(loud.stdout, /No refusals up to 1 connection\. The search stopped at the highest load/);
  assert.deepEqual([quiet.status, quiet.stdout, quiet.stderr], [0, '', '']);
});

test('--json - to a pipe that closes: no stack, no hang', async (t) => {
  const server = await breakerServer(t, oneVersion());
  const words = ['--steps', '1', '--refusal-threshold', '50%', '--quiet', '--json', '-'];
  const search = startCli(t, ['limits', `http://${server.at}`, ...VERSION, ...words]);
  search.child.stdout.destroy();
  const end = await search.end;
  assert.deepEqual([end.status, end.stderr], [0, '']);
});

test('the knee decides: 1 where it is below what is asked; 3 where it was not found', async (t) => {
  const [full, free] = await Promise.all([breakerServer(t, twoVersions(6)), breakerServer(t, oneVersion())]);
  const asked = [...VERSION, '--refusal-threshold', '5%', '--expect-knee', '>=1000'];
  const [fail, unknown] = await Promise.all([
    weighbridge(t, ['limits', `http://${full.at}`, ...asked, '--steps', '14,18,22,14,18,22']),
    weighbridge(t, ['limits', `http://${free.at}`, ...asked, '--steps', '1']),
  ]);
  assert.equal(fail.status, 1, fail.stdout + fail.stderr);
  assert.match(fail.stdout, /^FAIL {2}the knee is at /);
  assert.equal(unknown.status, 3, unknown.stdout + unknown.stderr);
  assert.match(unknown.stdout, /^INCONCLUSIVE {2}no refusals up to 1 connections?; asked: at least 1,000/);
});

test('a gateway that dies in the middle: 4, also if the verdict is fail', async (t) => {
  let isGone = false;
  const server = await httpServer(t, (request, response) => {
    if (isGone) request.socket.destroy();
    else response.writeHead(200, { 'x-version': 'v1' }).end('ok');
  });
  const words = ['--refusal-threshold', '50%', '--expect-knee', '<=1', '--json', '-'];
  const search = startCli(t, ['limits', `http://${server.at}`, ...VERSION, ...words]);
  await until(() => search.stderr().includes('2 connections: '), 'two steps');
  isGone = true;
  const end = await search.end;
  assert.equal(end.status, 4, end.stderr);
  const result = readLimits(end.stdout);
  assert.equal(result.verdict, 'fail');
  assert.ok(loads(result).length >= 3);
  assert.ok(result.notes.some(({ code }) => code === 'limits-gateway-left'));
});

test('404 for every request: the pre-flight ends it, as a run', async (t) => {
  const server = await httpServer(t, (_request, response) => response.writeHead(404).end());
  const end = await weighbridge(t, ['limits', `http://${server.at}`]);
  assertSaid(
    end,
    2,
    /answered 404 for Host .*: the gateway has no route for them\. Give the route's hostname/,
  );
});

test('few open files: what is asked for is refused, a default gives way with a note', async (t) => {
  const server = await breakerServer(t, oneVersion());
  const words = [...VERSION, '--refusal-threshold', '50%', '--json', '-'];
  const search = (...more: string[]) => limited(128, BIN, 'limits', `http://${server.at}`, ...words, ...more);
  const asked = await search('--max-connections', '120');
  assert.equal(asked.code, 2, asked.stderr);
  assertNoStack(asked.stderr);
  assert.match(
    asked.stderr,
    /^weighbridge: 120 connections .* Nothing was sent\. .*--max-connections \d+\.$/m,
  );
  assert.equal(server.seen.total, 0);
  const lowered = await search('--max-time', '1ms');
  assert.equal(lowered.code, 0, lowered.stderr);
  const note = readLimits(lowered.stdout).notes.find(({ code }) => code === 'no-file-descriptor');
  assert.match(note?.text ?? '', /^At most \d+ connections, .* the search would go up to 1000\.$/);
});

test('wrong flags and manifests are named, and nothing is sent', async (t) => {
  for (const [words, message] of [
    [['--steps', '0'], /--steps: 0 is out of range/],
    [['--steps', 'a,b'], /--steps: 'a' is not a whole number/],
    [['--steps', '4,100', '--max-connections', '50'], /--steps and --max-connections contradict each other/],
    [['--search', 'foo'], /--search: 'foo' is neither connections nor rate/],
    [
      ['--search', 'connections', '--max-rate', '9'],
      /--max-rate belongs to a search by rate: give --search rate/,
    ],
    [['--after-refusal', 'foo'], /--after-refusal: 'foo' is neither wait nor hammer/],
    [['--expect-knee', 'x'], /--expect-knee: 'x' is no knee/],
    [['--limit', 'foo=1'], /--limit: 'foo=1': 'foo=1' is no limit/],
    [['--refusal-threshold', '0'], /--refusal-threshold: 0 is out of range/],
    [['--gateway-replicas', '0'], /--gateway-replicas: 0 is out of range/],
    [['--max-time', 'x'], /--max-time: 'x' is not a duration/],
    [['--no-preflight'], /--no-preflight leaves no response .* give --version-from/],
    [['-c', '5'], /There is no option -c/],
    [['-f', '/nonexistent.yaml'], /\/nonexistent\.yaml: no such file or folder/],
    [['--http2', '-p', '100', '--max-connections', '1000'], /--streams: 100 on each of 1000 connections/],
  ] as const) {
    assertSaid(await refusal(t, ['limits', 'http://127.0.0.1:1', ...words]), 2, message);
  }
});

/** The live view of a run on a real terminal: whatever ends it, the report stands on the screen, and nothing else is left. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../src/io/package-root.js';
import { until } from '../lab/client.js';
import { startOnTerminal, type TerminalRun } from '../support/pseudo-terminal.js';
import { httpServer } from '../support/servers.js';
import { scratch } from './sample-lab.js';

const [ENTER, LEAVE] = ['\u001b[?1049h', '\u001b[?1049l'];
const [CTRL_C, CTRL_Z] = [3, 26];

/** A run that is watched until the test ends it, of a server that answers as v1. */
async function watched(
  t: TestContext,
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<TerminalRun | null> {
  const server = await httpServer(t, (_request, response) => {
    response.setHeader('x-version', 'v1');
    setTimeout(() => response.end('ok'), 2);
  });
  const args = ['run', `http://${server.at}`, '--version-from', 'header:x-version'];
  return startOnTerminal(t, [...args, '--expect', 'v1=1', '-c', '4', '-z', '10m', ...words], env);
}

const seen = (run: TerminalRun, words: RegExp) => until(() => words.test(run.frames()), String(words));

/** The cursor is there, the alternate screen is left, and what stands on the screen begins and ends so. */
function assertLeft(run: TerminalRun, first: RegExp, report: RegExp): void {
  const written = run.written();
  assert.doesNotMatch(written, /\u001b\[\?25l/, 'the cursor was hidden');
  assert.ok(written.lastIndexOf(LEAVE) > written.lastIndexOf(ENTER), 'the alternate screen is left');
  const lines = run.left();
  assert.match(lines[0] ?? '', first);
  assert.match(lines.join('\n'), report);
  assert.equal(lines.at(-1), '', 'the shell goes on in a line of its own');
  assert.doesNotMatch(lines.join('\n'), /So far|[├┿●]/);
}

test('Ctrl-C: the message, then the report, and nothing of the view', async (t) => {
  const run = await watched(t);
  if (run === null) return;
  await seen(run, /So far .*split/);
  assert.equal(run.written().split(ENTER).length, 2);
  run.type(CTRL_C);
  assert.equal(await run.end, 130);
  assertLeft(run, /^\^C|^weighbridge: interrupted; the report/, /requests in .*\n(.*\n)*Statuses\n/);
});

test('an internal error: the line that tells it, and the report', async (t) => {
  const file = join(scratch(t), 'now');
  const fault = join(packageRoot(), 'test', 'fixtures', 'own-fault.cjs');
  const env = { NODE_OPTIONS: `-r ${fault}`, OWN_FAULT: 'main-throws', FAULT_SIGNAL: file };
  const run = await watched(t, [], env);
  if (run === null) return;
  await seen(run, /So far .*split/);
  writeFileSync(file, '');
  assert.equal(await run.end, 70);
  assertLeft(
    run,
    /^INCONCLUSIVE {2}the run broke off/,
    /\nweighbridge: an error in weighbridge itself: made to fail/,
  );
});

test('to 20 columns and back: every line fits, and nothing is left of the others', async (t) => {
  const run = await watched(t);
  if (run === null) return;
  await seen(run, /So far .*split/);
  run.resize(20, 30);
  await seen(run, /\n(\u001b\[[\d;]*m)?split /);
  run.resize(100, 30);
  const before = run.frames().length;
  await until(() => /So far .*split/.test(run.frames().slice(before)), 'the wide view again');
  for (const frame of run.frames().split('\u001b[2J').slice(1)) assert.ok(frame.startsWith('\u001b[H'));
  run.type(CTRL_C);
  assert.equal(await run.end, 130);
  assertLeft(run, /^\^C|^weighbridge: interrupted; the report/, /requests in /);
});

test('Ctrl-Z gives the shell its screen back, and the view goes on with the run', async (t) => {
  const run = await watched(t);
  if (run === null) return;
  await seen(run, /So far .*split/);
  run.type(CTRL_Z);
  await until(() => run.written().includes(LEAVE), 'the screen is left');
  run.continue();
  await until(() => run.written().split(ENTER).length === 3, 'the view is back');
  run.type(CTRL_C);
  assert.equal(await run.end, 130);
});

test('to its end: the report alone', async (t) => {
  const run = await watched(t, ['-n', '400', '-q', '400']);
  if (run === null) return;
  assert.equal(await run.end, 0);
  assertLeft(run, /^PASS {2}/, /400 requests in /);
});

test('where no control characters are wanted there are none', async (t) => {
  for (const env of [{ CI: 'true' }, { TERM: 'dumb' }]) {
    const run = await watched(t, ['-n', '400', '--no-color'], env);
    if (run === null) return;
    assert.equal(await run.end, 0, run.written());
    assert.doesNotMatch(run.written().replaceAll('\r\n', '\n'), /[\u0000-\u0009\u000b-\u001f]/);
    assert.match(run.written(), /^PASS /);
  }
});

test('NO_COLOR: a view without colours; --no-tui: one line', async (t) => {
  const plain = await watched(t, [], { NO_COLOR: '1' });
  if (plain === null) return;
  await seen(plain, /So far .*split/);
  plain.type(CTRL_C);
  assert.equal(await plain.end, 130);
  assert.doesNotMatch(plain.written(), /\u001b\[[\d;]*m/);
  const line = await watched(t, ['--no-tui']);
  await until(() => /\r\d+ s · .* left\u001b\[K/.test(line?.written() ?? ''), 'the line');
  line?.type(CTRL_C);
  assert.equal(await line?.end, 130);
  assert.doesNotMatch(line?.written() ?? '', /1049/);
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../src/errors.js';
import { type LogEnd, LogWatch, readLogAfterwards } from '../../src/gateway/log-watch.js';
import { GatewayWatch } from '../../src/gateway/watch.js';
import { said } from '../support/flags.js';
import { logFile, logLine, STARTED_AT_MS, STARTED_AT_US } from '../support/gateway-word.js';

function assertRefused(act: () => unknown, message: RegExp): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(said(error), message);
    return true;
  });
}

const END: LogEnd = {
  startedAtUs: STARTED_AT_US,
  endMs: 30_000,
  sinceEndMs: () => 0,
  flushMs: 10_000,
  momentsMs: [],
  signal: undefined,
  onWait: undefined,
};

/** The end of a run for which a file is waited, and grows. */
function growing(
  file: string,
  line: string,
  more: Partial<LogEnd> = {},
): { end: LogEnd; waited: () => number } {
  let waits = 0;
  let ms = 0;
  const end: LogEnd = {
    ...END,
    sinceEndMs: () => {
      ms += 100;
      if (ms === 400) appendFileSync(file, `${line}\n`);
      return ms;
    },
    onWait: () => {
      waits += 1;
    },
    ...more,
  };
  return { end, waited: () => waits };
}

test('nothing to wait for: it is not waited, and the last ten seconds are not known', async (t) => {
  const file = logFile(t, `${logLine(5000)}\n${logLine(9000, { action: 'UNEJECT', since: 4 })}\n`);
  const { end, waited } = growing(file, logLine(29_000), { momentsMs: [4000, 19_000] });
  const log = await new LogWatch(file).end(end);
  assert.equal(waited(), 0);
  assert.equal(log.events.length, 2);
  assert.ok(log.completeUntilMs >= 20_000 && log.completeUntilMs < 21_000, `${log.completeUntilMs}`);
});

test('something the client saw, an ejection that is open, or one at the end: what is behind it is waited for', async (t) => {
  const early = `${logLine(5000)}\n${logLine(9000, { action: 'UNEJECT', since: 4 })}\n`;
  for (const [text, momentsMs] of [
    [early, [25_000]],
    [`${logLine(5000)}\n`, []],
    [`${early}${logLine(24_000)}\n${logLine(26_000, { action: 'UNEJECT', since: 2 })}\n`, []],
  ] as const) {
    const file = logFile(t, text);
    const { end, waited } = growing(file, logLine(29_000), { momentsMs });
    const log = await new LogWatch(file).end(end);
    assert.equal(waited(), 1);
    assert.equal(log.events.at(-1)?.atMs, STARTED_AT_MS + 29_000);
    assert.equal(log.completeUntilMs, 30_000);
  }
});

test('a gateway that writes often is waited for without a word; an interrupted run waits for nothing', async (t) => {
  const file = logFile(t, '');
  const { end, waited } = growing(file, logLine(29_900), { flushMs: 200 });
  const log = await new LogWatch(file).end(end);
  assert.deepEqual([waited(), log.events.length, log.completeUntilMs], [0, 1, 30_000]);
  const cut = await new LogWatch(file).end({ ...END, momentsMs: [29_000], signal: AbortSignal.abort() });
  assert.equal(cut.completeUntilMs, 20_000);
});

test('a file that was rotated or cut during the run says so', async (t) => {
  const file = logFile(t, `${logLine(1000)}\n`);
  const watch = new LogWatch(file);
  renameSync(file, `${file}.1`);
  writeFileSync(file, `${logLine(3000, { action: 'UNEJECT', since: 2 })}\n`);
  const rotated = await watch.end(END);
  assert.match(rotated.remarks.join(), /replaced or shortened during the run/);
  const cut = new LogWatch(file);
  writeFileSync(file, '');
  assert.match((await cut.end(END)).remarks.join(), /replaced or shortened/);
});

test('what is no file, or cannot be read, is refused before the load', (t) => {
  const file = logFile(t, '');
  assertRefused(
    () => new LogWatch(`${file}.gone`),
    /^--envoy-event-log: .*gone cannot be read \(ENOENT\)\..*event_log_path/,
  );
  assertRefused(() => new LogWatch(dirname(file)), /^--envoy-event-log: .* is not a file\./);
  const pipe = join(dirname(file), 'pipe');
  if (spawnSync('mkfifo', [pipe]).status === 0) assertRefused(() => new LogWatch(pipe), /is not a file/);
});

test('a log that is read afterwards is known up to ten seconds before it was last written, or to its end', async (t) => {
  const file = logFile(t, `${logLine(5000)}\n`);
  const range = { startedAtUs: STARTED_AT_US, endMs: 30_000 };
  assert.equal((await readLogAfterwards(file, range)).completeUntilMs, 30_000);
  const written = (STARTED_AT_MS + 35_000) / 1000;
  utimesSync(file, written, written);
  assert.equal((await readLogAfterwards(file, range)).completeUntilMs, 25_000);
});

test('a log that is cut is known up to its last whole line, by whatever clock', async (t) => {
  const range = { startedAtUs: STARTED_AT_US, endMs: 30_000 };
  const whole = `${logLine(5000)}\n${logLine(9000, { action: 'UNEJECT', since: 4 })}\n`;
  const cut = logFile(t, `${whole}${logLine(11_000).slice(0, 90)}`);
  assert.equal((await readLogAfterwards(cut, range)).completeUntilMs, 0, 'its lines alone tell more');
  assert.equal((await readLogAfterwards(logFile(t, whole.trimEnd()), range)).completeUntilMs, 30_000);
  assert.equal((await new LogWatch(cut).end(END)).completeUntilMs, 0);
});

test('a wait that was ended says so', async (t) => {
  const file = logFile(t, `${logLine(29_000)}\n`);
  const abort = new AbortController();
  const { end } = growing(file, '', { signal: abort.signal, onWait: () => abort.abort() });
  const { remarks, completeUntilMs } = await new LogWatch(file).end(end);
  assert.match(remarks.join(), /the wait for its last lines was interrupted/);
  assert.ok(completeUntilMs < 30_000);
});

test('an invalid URL, or one with a password, is refused before the load', () => {
  for (const url of [
    '',
    'http://',
    'ftp://localhost',
    'http://user:secret@localhost:15000',
    'local host',
    'http://[::1',
  ]) {
    assertRefused(
      () => new GatewayWatch({ admins: [url], eventLog: null }),
      /^(?!.*:secret@)--envoy-admin: '.*' is not the URL of an admin interface/,
    );
  }
  assertRefused(() => new GatewayWatch({ admins: ['http://a/?x'], eventLog: null }), /has a query/);
  const many = Array.from({ length: 17 }, (_, i) => `http://a${i}`);
  assertRefused(() => new GatewayWatch({ admins: many, eventLog: null }), /at most 16 interfaces/);
  assert.doesNotThrow(
    () => new GatewayWatch({ admins: ['localhost:15000', 'http://[::1]:15000/'], eventLog: null }),
  );
});

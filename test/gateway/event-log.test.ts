import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type LogReading, readEventLog } from '../../src/gateway/event-log.js';
import { clusterOf, logFile, logLine, STARTED_AT_MS, STARTED_AT_US } from '../support/gateway-word.js';

const RANGE = { startedAtUs: STARTED_AT_US, endMs: 30_000 };
const MINUTE = 60_000;

function read(t: TestContext, lines: readonly string[], end = '\n'): Promise<LogReading> {
  return readEventLog(logFile(t, lines.join('\n') + end), RANGE);
}

const moments = ({ events }: LogReading) => events.map(({ atMs, action }) => [atMs - STARTED_AT_MS, action]);

test('enforced ejections and un-ejections are read with all that they say', async (t) => {
  const { events, remarks } = await read(t, [
    logLine(1000),
    logLine(4321, { action: 'UNEJECT', since: 3 }),
    logLine(4400, { since: 0, type: 'CONSECUTIVE_GATEWAY_FAILURE', address: '[fd00::7]:8080' }),
  ]);
  assert.deepEqual(events[1], {
    atMs: STARTED_AT_MS + 4321,
    cluster: clusterOf('backend-v2'),
    address: '10.0.3.17:8080',
    action: 'uneject',
    type: 'CONSECUTIVE_5XX',
    sinceS: 3,
  });
  assert.deepEqual([events[0]?.action, events[0]?.sinceS], ['eject', null]);
  assert.deepEqual(
    [events[2]?.type, events[2]?.address, events[2]?.sinceS],
    ['CONSECUTIVE_GATEWAY_FAILURE', '[fd00::7]:8080', 0],
  );
  assert.deepEqual(remarks, []);
});

test('EJECT lines that were not enforced are no ejections; UNEJECT lines are never marked as enforced, and count', async (t) => {
  const reading = await read(t, [
    logLine(1000, { enforced: false, type: 'CONSECUTIVE_GATEWAY_FAILURE' }),
    logLine(1000),
    logLine(2000, { action: 'UNEJECT', enforced: false }),
    logLine(2100, { enforced: false }),
  ]);
  assert.deepEqual(moments(reading), [
    [1000, 'eject'],
    [2000, 'uneject'],
  ]);
  assert.equal(reading.remarks.length, 1);
  assert.match(reading.remarks[0] as string, /2 lines with "enforced": false are no ejection/);
});

test('an incomplete last line is left out; a complete one without a line end counts', async (t) => {
  const cut = await read(t, [logLine(1000), logLine(2000, { action: 'UNEJECT' }).slice(0, 130)], '');
  assert.deepEqual(moments(cut), [[1000, 'eject']]);
  assert.match(cut.remarks.join(), /last line is incomplete/);
  const whole = await read(t, [logLine(1000), logLine(2000, { action: 'UNEJECT' })], '');
  assert.equal(whole.events.length, 2);
  assert.deepEqual(whole.remarks, []);
});

test('lines that are not of the log are counted, the first is named, and the others are read', async (t) => {
  const reading = await read(t, [
    '[2026-03-01 12:00:01] starting',
    logLine(1000),
    '{"type":"CONSECUTIVE_5XX","timestamp":"2026-03-01T12:00:02.000Z"}',
    `{"timestamp":"2026-03-01T12:00:02.000Z","cluster_name":"c","upstream_url":"a","action":"PURGE"}`,
    '',
    '[1, 2]',
    'null',
    logLine(3000, { action: 'UNEJECT' }),
  ]);
  assert.equal(reading.events.length, 2);
  assert.match(reading.remarks.join(), /5 lines, the first of them line 1, are not in the format of/);
});

test('an empty log says that it is empty', async (t) => {
  const { events, remarks } = await read(t, [], '');
  assert.deepEqual(events, []);
  assert.match(remarks.join(), /it is empty/);
});

test('a log of another run: the remark has the times of its lines', async (t) => {
  const reading = await read(t, [
    logLine(-26 * 60 * MINUTE),
    logLine(-25 * 60 * MINUTE, { action: 'UNEJECT' }),
  ]);
  assert.deepEqual(reading.events, []);
  assert.match(
    reading.remarks.join(),
    /its 2 lines are from 2026-02-28T10:00:00Z to 2026-02-28T11:00:00Z, not of/,
  );
  const later = await read(t, [logLine(3 * 60 * MINUTE)]);
  assert.match(later.remarks.join(), /its 1 line is of 2026-03-01T15:00:00Z/);
});

test('what is around the run is read, for who was out when it began and for clocks that differ', async (t) => {
  const reading = await read(t, [
    logLine(-21 * MINUTE),
    logLine(-10 * MINUTE),
    logLine(1000, { action: 'UNEJECT' }),
    logLine(30_000 + 4 * MINUTE),
    logLine(30_000 + 6 * MINUTE),
  ]);
  assert.deepEqual(
    moments(reading).map(([atMs]) => atMs),
    [-10 * MINUTE, 1000, 30_000 + 4 * MINUTE],
  );
});

test('a bounded number of events is kept: the newest before the run, the oldest from its start on', async (t) => {
  const before = Array.from({ length: 1500 }, (_, i) => logLine(i - 2000));
  const during = Array.from({ length: 5000 }, (_, i) => logLine(i));
  const { events, boundedAtMs, remarks } = await read(t, [...before, ...during]);
  assert.equal(events.length, 1024 + 4096);
  assert.equal(events[0]?.atMs, STARTED_AT_MS - 2000 + 1500 - 1024);
  assert.equal(events.at(-1)?.atMs, STARTED_AT_MS + 4095);
  assert.equal(boundedAtMs, STARTED_AT_MS + 4095);
  assert.match(remarks.join(), /only its first 4,096 events/);
});

test('a line that is too long ends the reading, not the run; so does a file that is gone', async (t) => {
  const file = logFile(t, '');
  writeFileSync(file, Buffer.concat([Buffer.from(`${logLine(1000)}\n`), Buffer.alloc((16 << 20) + 1, 0x20)]));
  const long = await readEventLog(file, RANGE);
  assert.deepEqual(moments(long), [[1000, 'eject']]);
  assert.match(long.remarks.join(), /line 2 is longer than 16 MiB: what follows/);
  const gone = await readEventLog(`${file}.gone`, RANGE);
  assert.deepEqual(gone.events, []);
  assert.match(gone.remarks.join(), /cannot be read \(ENOENT\)/);
});

test('text from the log cannot move a cursor', async (t) => {
  const { events } = await read(t, [
    logLine(1000, { cluster: 'c\u001b[2J', address: 'a\u202e:1', type: '\u0007' }),
  ]);
  assert.deepEqual(
    [events[0]?.cluster, events[0]?.address, events[0]?.type],
    ['c\\u{1b}[2J', 'a\\u{202e}:1', '\\u{7}'],
  );
});

test('whatever a file holds, reading it does not fail', async (t) => {
  const file = logFile(t, '');
  const part = fc.oneof(
    fc.constant(`${logLine(1000)}\n`),
    fc.constant('\n'),
    fc.json().map((text) => `${text}\n`),
    fc
      .record({
        timestamp: fc.anything(),
        cluster_name: fc.anything(),
        action: fc.constantFrom('EJECT', 'UNEJECT', 7),
      })
      .map((line) => `${JSON.stringify(line) ?? ''}\n`),
    fc.uint8Array({ maxLength: 60 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), fc.nat(), async (parts, cut) => {
      const whole = Buffer.concat(parts.map((bytes) => Buffer.from(bytes as string)));
      writeFileSync(file, whole.subarray(0, whole.length - (cut % (whole.length + 1))));
      const { events } = await readEventLog(file, RANGE);
      for (const { atMs } of events) assert.ok(Number.isFinite(atMs));
    }),
    { seed: 16, numRuns: 200 },
  );
});

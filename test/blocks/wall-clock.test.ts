import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromRfc3339, toRfc3339, wallClockUs } from '../../src/blocks/wall-clock.js';

const HOUR_MS = 3_600_000;
/** To the year 2255: until then a number holds microseconds exactly. */
const us = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

test('what is written is read back to the microsecond', () => {
  assert.equal(toRfc3339(1_795_548_642_123_456), '2026-11-24T19:30:42.123456Z');
  assert.equal(toRfc3339(0), '1970-01-01T00:00:00.000000Z');
  fc.assert(
    fc.property(us, (time) => {
      const text = toRfc3339(time);
      assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      assert.equal(fromRfc3339(text), time);
      assert.equal(Date.parse(text), Math.floor(time / 1000));
    }),
    { seed: 20261124, numRuns: 1000 },
  );
});

test('later times are later texts', () => {
  fc.assert(
    fc.property(us, us, (a, b) => {
      assert.equal(Math.sign(a - b), toRfc3339(a) < toRfc3339(b) ? -1 : toRfc3339(a) > toRfc3339(b) ? 1 : 0);
    }),
    { seed: 20261124, numRuns: 500 },
  );
});

test('anything else is no time', () => {
  for (const text of [
    '',
    'now',
    '2026-11-24T19:30:42.123Z',
    '2026-11-24T19:30:42.123456',
    '2026-11-24T19:30:42.123456+01:00',
    '2026-11-24 19:30:42.123456Z',
    '2026-13-24T19:30:42.123456Z',
    ' 2026-11-24T19:30:42.123456Z',
  ]) {
    assert.ok(Number.isNaN(fromRfc3339(text)), text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const time = fromRfc3339(text);
      assert.ok(Number.isNaN(time) || toRfc3339(time) === text);
    }),
    { seed: 20261124, numRuns: 500 },
  );
});

test('it tells the time of day to the microsecond, as long as nobody moves the clock', () => {
  const before = Date.now();
  const now = wallClockUs() / 1000;
  const after = Date.now();
  // Two milliseconds: what the process's own start and the time of day may disagree by.
  assert.ok(now >= before - 2 && now <= after + 3, `${before} <= ${now} <= ${after}`);
});

test('a clock that was set is followed, forwards and backwards, and by the millisecond then', (t) => {
  const real = Date.now;
  for (const stepMs of [HOUR_MS, -HOUR_MS, 25]) {
    const mock = t.mock.method(Date, 'now', () => real() + stepMs);
    const before = Date.now();
    const now = wallClockUs();
    const after = Date.now();
    mock.mock.restore();
    assert.equal(now % 1000, 0);
    assert.ok(now / 1000 >= before && now / 1000 <= after, `${before} <= ${now} <= ${after}`);
  }
});

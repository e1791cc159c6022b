import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../src/errors.js';
import {
  parseConfidence,
  parseCount,
  parseDuration,
  parsePositiveDuration,
  parsePositiveNumber,
} from '../../src/plan/units.js';

const RUNS = { seed: 14, numRuns: 300 };

/** A parser's error is for people: it names the flag and what was given. */
function refuses(parse: () => unknown, ...parts: RegExp[]): void {
  assert.throws(parse, (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.exitCode, 2);
    for (const part of [/^--flag: /, ...parts]) assert.match(error.message, part);
    return true;
  });
}

test('durations', () => {
  for (const [text, ms] of [
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['2m5s10ms', 125_010],
    ['250us', 0.25],
    ['250µs', 0.25],
    ['10', 10_000],
    ['0.5', 500],
    ['0', 0],
    [' 3s ', 3000],
  ] as const) {
    assert.equal(parseDuration(text, '--flag'), ms, text);
  }
});

test('what is no duration', () => {
  for (const text of [
    '',
    's',
    '-1s',
    '1 s',
    '1e3',
    '1d',
    '1s,',
    's1',
    '1.s',
    '.5s',
    'Infinity',
    'NaN',
    '1S',
    '0x10',
  ]) {
    refuses(() => parseDuration(text, '--flag'), /is not a duration/, /30s/);
  }
  refuses(() => parseDuration('9000h', '--flag'), /too long/);
  refuses(() => parseDuration('9'.repeat(400), '--flag'), /too long/);
  refuses(() => parsePositiveDuration('0s', '--flag'), /longer than 0/);
  assert.equal(parsePositiveDuration('1us', '--flag'), 0.001);
});

test('a duration is the sum of its parts', () => {
  const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  const part = fc.tuple(
    fc.nat(5000),
    fc.constantFrom('h' as const, 'm' as const, 's' as const, 'ms' as const),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const text = parts.map(([number, unit]) => `${number}${unit}`).join('');
      const sum = parts.reduce((total, [number, unit]) => total + number * units[unit], 0);
      if (sum <= 366 * 24 * units.h) assert.equal(parseDuration(text, '--flag'), sum);
      else refuses(() => parseDuration(text, '--flag'), /too long/);
    }),
    RUNS,
  );
});

test('counts', () => {
  const range = { min: 1, max: 10_000_000 };
  for (const [text, count] of [
    ['1', 1],
    ['1_000', 1000],
    ['20k', 20_000],
    ['20K', 20_000],
    ['2M', 2_000_000],
    ['2m', 2_000_000],
    ['007', 7],
  ] as const) {
    assert.equal(parseCount(text, '--flag', range), count, text);
  }
  for (const text of [
    '',
    'abc',
    '1.5',
    '-1',
    '+1',
    '1e3',
    '_1',
    '1g',
    '1kk',
    '0x10',
    'NaN',
    '9'.repeat(20),
  ]) {
    refuses(() => parseCount(text, '--flag', range), /is not a whole number/);
  }
  refuses(() => parseCount('0', '--flag', range), /out of range: 1 to 10000000/);
  refuses(() => parseCount('11M', '--flag', range), /out of range/);
});

test('every whole number in range is read as it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (count) => {
      assert.equal(parseCount(String(count), '--flag', { min: 0, max: 1_000_000_000 }), count);
    }),
    RUNS,
  );
});

test('numbers above 0', () => {
  assert.equal(parsePositiveNumber('0.5', '--flag', 10), 0.5);
  assert.equal(parsePositiveNumber(' 10 ', '--flag', 10), 10);
  for (const text of ['abc', '', '-1', '1e3', 'NaN', 'Infinity', '1,5']) {
    refuses(() => parsePositiveNumber(text, '--flag', 10), /is not a number/);
  }
  for (const text of ['0', '0.0', '10.1']) {
    refuses(() => parsePositiveNumber(text, '--flag', 10), /out of range: above 0, at most 10/);
  }
});

test('confidence as percent or fraction', () => {
  assert.equal(parseConfidence('95', '--flag'), 0.95);
  assert.equal(parseConfidence('95%', '--flag'), 0.95);
  assert.equal(parseConfidence('0.95', '--flag'), 0.95);
  for (const text of ['1', '49', '0.4', '100', '99.999']) {
    refuses(() => parseConfidence(text, '--flag'), /out of range: 50 to 99\.99/);
  }
});

test('no text makes a parser fail but with an error for people', () => {
  const range = { min: 1, max: 1000 };
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789.ksmhu_%-e') })),
      (text) => {
        for (const parse of [
          () => parseDuration(text, '--flag'),
          () => parseCount(text, '--flag', range),
          () => parsePositiveNumber(text, '--flag', 1000),
          () => parseConfidence(text, '--flag'),
        ]) {
          try {
            const value = parse();
            assert.ok(Number.isFinite(value) && value >= 0);
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
          }
        }
      },
    ),
    { seed: 14, numRuns: 1000 },
  );
});

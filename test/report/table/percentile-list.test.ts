import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { percentileList } from '../../../src/report/table/percentile-list.js';
import type { Row } from '../../support/blocks.js';
import { answers, everyday, resultOf } from '../../support/results.js';

const STYLE = { columns: 60, color: false };

/** Answers of a version in 1, 2, … ms. */
function rising(version: string, n: number): Row[] {
  return Array.from({ length: n }, (_, i) => ({ version, dueUs: 0, sendUs: 0, endUs: 1000 * (i + 1) }));
}

test('a column per version, from the shortest time to the longest', () => {
  const result = resultOf([...rising('v1', 1000), ...rising('v2', 40)], { v1: 90, v2: 10 });
  assert.equal(
    percentileList(result, STYLE),
    `Latency       v1       v2  all answers
answers    1,000       40        1,040
min      1.00 ms  1.00 ms      1.00 ms
p10       100 ms  4.00 ms      64.0 ms
p25       250 ms  10.0 ms       220 ms
p50       500 ms  20.0 ms       480 ms
p75       750 ms  30.0 ms       740 ms
p90       900 ms  36.0 ms       897 ms
p95       950 ms        -       948 ms
p99       990 ms        -       990 ms
p99.9          -        -            -
p99.99         -        -            -
p99.999        -        -            -
max       1.00 s  40.0 ms       1.00 s

-: too few answers (needed: p99.99 29,956, p99.999 299,572)
`,
  );
});

test('a low percentile of few answers is not the shortest time under another name', () => {
  const list = percentileList(resultOf(rising('v1', 28), null), { ...STYLE, percentiles: [1, 10, 25] });
  assert.deepEqual(list.split('\n'), [
    'Latency       v1',
    'answers       28',
    'min      1.00 ms',
    'p1             -',
    'p10            -',
    'p25      7.00 ms',
    'max      28.0 ms',
    '',
    '-: too few answers (needed: p10 29, p1 299)',
    '',
  ]);
});

test('an open loop has two lists; with replies of the gateway both sums are there', () => {
  const open = resultOf(answers(100, { v1: 0.9, v2: 0.1 }), null, {
    load: { ...everyday().load, mode: 'open', ratePerSecond: 10 },
  });
  const heads = percentileList(open, STYLE)
    .split('\n')
    .filter((line) => line.startsWith('From'));
  assert.deepEqual(
    heads.map((line) => line.slice(0, 14)),
    ['From due time ', 'From sending  '],
  );
  const head = percentileList(everyday(), { ...STYLE, columns: 80 }).split('\n')[0];
  assert.match(head ?? '', /^Latency +backend-v1 +backend-v2 +all backends +all answers$/);
});

test('many versions with long names: no line is wider than the terminal, and none is left out below the bound', () => {
  const names = Array.from(
    { length: 60 },
    (_, i) => `the-backend-of-the-shop-${i}-\u001b[31mred\n\u202e版本`,
  );
  const result = resultOf(
    names.flatMap((name, i) => rising(name, 3 + i)),
    null,
  );
  for (const columns of [20, 60, 80, 200]) {
    const list = percentileList(result, { ...STYLE, columns });
    for (const line of list.split('\n')) assert.ok(stringWidth(line) <= Math.max(60, columns), line);
    assert.doesNotMatch(list, /[\u001b\u202e]/);
    const counted = list
      .split('\n')
      .filter((line) => line.startsWith('answers'))
      .flatMap((line) => line.split(/ +/).slice(1));
    assert.equal(counted.length, 41, '40 versions, and all answers');
    assert.match(list, /\nand 20 more versions: see --json\n/);
  }
});

test('nothing was answered', () => {
  assert.equal(percentileList(resultOf([], { v1: 1 }), STYLE), 'No answers: there are no percentiles.\n');
});

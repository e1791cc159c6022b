import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOutput } from '../../../src/cli/options/output.js';
import { UserError } from '../../../src/errors.js';
import { RUN_REPORTS } from '../../../src/report/index.js';

const parsed = (percentiles: string) => parseOutput({ percentiles }, RUN_REPORTS).percentiles;

test('--percentiles: a list, each once', () => {
  assert.deepEqual(parsed('50,75,90,99,99.9'), [50, 75, 90, 99, 99.9]);
  assert.deepEqual(parsed('99.999,50,50.0'), [99.999, 50]);
  assert.equal(parseOutput({}, RUN_REPORTS).percentiles, undefined);
});

test('--percentiles: what is none is refused with the word', () => {
  for (const [given, message] of [
    ['', /^--percentiles: '' is no percentile/],
    ['0', /'0' is no percentile/],
    ['100', /'100' is no percentile/],
    [
      'p99',
      /'p99' is no percentile above 0 and below 100 with at most three decimals; give a list as 50,90,99\.9/,
    ],
    ['50,,90', /'' is no percentile/],
    ['50;90', /'50;90' is no percentile/],
    ['99.9999', /'99\.9999' is no percentile/],
    [Array.from({ length: 16 }, (_, i) => i + 1).join(), /16 percentiles; at most 15 are shown/],
  ] as const) {
    assert.throws(
      () => parsed(given),
      (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileBodySearch } from '../../src/plan/labels/body-search.js';
import { compileRe2 } from '../../src/plan/re2.js';
import { assertLinear } from '../support/linear-time.js';
import { REDOS } from '../support/redos.js';

test('at least thirty expressions are tried', () => {
  assert.ok(new Set(REDOS.map(({ pattern }) => pattern)).size >= 30);
});

for (const [index, { pattern, text }] of REDOS.entries()) {
  test(`${pattern} takes linear time on text ${index}`, () => {
    const inBody = compileBodySearch(pattern, '').regex;
    const whole = compileRe2(pattern);
    assertLinear((body) => inBody.exec(body), text);
    assertLinear((value) => whole.testExact(value), text);
  });
}

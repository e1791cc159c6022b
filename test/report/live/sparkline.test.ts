import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from '../../../src/report/live/sparkline.js';

test('from small to large, a space for what is not known, the newest where there is no room for all', () => {
  assert.equal(sparkline([1, 4, null, 8], 8, 6), '▁▄ █  ');
  assert.equal(sparkline([8, 1, 2, 3], 8, 2), '▂▃');
  assert.equal(sparkline([0, 9], 8, 2), '▁█');
  assert.equal(sparkline([0], 0, 2), '▁ ');
});

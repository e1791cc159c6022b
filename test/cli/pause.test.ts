import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pause } from '../../src/cli/pause.js';

test('so many times as long as the work, within bounds; the first time and single long ones do not count', () => {
  const pause = new Pause(100, 250, 1000);
  assert.deepEqual(
    [80, 40].map((ms) => pause.after(ms)),
    [250, 250],
    'the first times',
  );
  assert.equal(pause.after(3), 300);
  assert.equal(pause.after(500), 300, 'one that was held up');
  assert.equal(pause.after(1), 250);
  assert.deepEqual([50, 50, 50].map((ms) => pause.after(ms)).at(-1), 1000);
});

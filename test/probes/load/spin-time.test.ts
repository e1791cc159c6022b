import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpinTime } from '../../../src/probes/load/spin-time.js';

test('rounds in which nothing happened are spinning; a round in which a request ended is work', () => {
  const spin = new SpinTime();
  spin.begin(100);
  spin.end(130);
  spin.begin(130);
  spin.worked();
  spin.end(190);
  spin.begin(200);
  spin.end(205);
  assert.equal(spin.us, 35);
});

test('a round that never began is none', () => {
  const spin = new SpinTime();
  spin.worked();
  spin.end(500);
  assert.equal(spin.us, 0);
});

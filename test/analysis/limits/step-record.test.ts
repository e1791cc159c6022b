import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StepRecord } from '../../../src/analysis/limits/step-record.js';
import { VersionSlots } from '../../../src/analysis/version-slots.js';
import { BlockMaker, type Row } from '../../support/blocks.js';

const SECOND = 1_000_000;

test('a step that is broken off is in no level; levels are the steps that ended, without the recovery', () => {
  const maker = new BlockMaker();
  const record = new StepRecord(
    'connections',
    0.001,
    new VersionSlots(maker.labels.versions, (label) => label, ['v1']),
  );
  const hold = (purpose: 'given' | 'recovery', level: number, second: number, rows: number) => {
    const fromUs = second * SECOND;
    record.begin({ purpose, level, startUs: fromUs, fromUs });
    const row: Row = { version: 'v1', connection: 1, sendUs: fromUs, endUs: fromUs + 1000 };
    record.add(maker.block(Array.from({ length: rows }, () => row)));
    record.close(fromUs + SECOND);
  };
  hold('given', 4, 1, 3);
  record.end({ pending: 1, active: 2 });
  hold('given', 4, 3, 5);
  record.end({ pending: 10, active: null });
  hold('recovery', 2, 5, 7);
  record.end(null);
  hold('given', 4, 7, 100);
  assert.deepEqual(
    record.steps.map(({ purpose, accepted }) => [purpose, accepted]),
    [
      ['given', 3],
      ['given', 5],
      ['recovery', 7],
    ],
  );
  const [level, ...others] = record.levels();
  assert.deepEqual(others, []);
  assert.deepEqual([level?.connections, level?.accepted, level?.windowMs], [4, 8, 2000]);
  assert.deepEqual(level?.overflows, { pending: 11, active: null });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StepFold } from '../../../src/analysis/limits/step-fold.js';
import { VersionSlots } from '../../../src/analysis/version-slots.js';
import { BlockMaker, type Row } from '../../support/blocks.js';

const SECOND = 1_000_000;

function folded(rows: readonly Row[], kind: 'connections' | 'rate' = 'connections', toUs = 2 * SECOND) {
  const maker = new BlockMaker();
  const slots = new VersionSlots(maker.labels.versions, (label) => label, ['v1', 'v2']);
  const fold = new StepFold(
    { purpose: 'rising', kind, level: 4, startUs: 0, refusalThreshold: 0.001 },
    slots,
  );
  fold.open(SECOND);
  fold.close(toUs);
  fold.add(maker.block(rows));
  return fold;
}

const refusal: Row = { status: 503, outcome: 'overflow', origin: 'gateway' };

test('what ends in the window counts: per second, in flight, by kind and by version', () => {
  const within = 1.5 * SECOND;
  const accepted = (version: string, connection: number): Row => ({
    version,
    connection,
    sendUs: within - 100_000,
    endUs: within,
  });
  const step = folded([
    accepted('v1', 1),
    accepted('v1', 2),
    accepted('v2', 2),
    { ...accepted('v2', 3), status: 500 },
    { ...refusal, connection: 4, sendUs: within, endUs: within + 400 },
    { ...refusal, version: 'v1', connection: 4, sendUs: within, endUs: within + 400 },
    { outcome: 'timeout', status: 0, origin: 'unknown', sendUs: 0, endUs: within },
    // Before and after the window.
    { version: 'v1', sendUs: 0, endUs: SECOND - 1 },
    { version: 'v1', sendUs: within, endUs: 2 * SECOND },
  ]).result(null);
  assert.equal(step.windowMs, 1000);
  assert.equal(step.connections, 4);
  assert.equal(step.ratePerSecond, null);
  assert.equal(step.requests, 7);
  assert.equal(step.offered, 7);
  assert.equal(step.goodput, 4);
  assert.equal(step.accepted, 4);
  assert.equal(step.refused, 2);
  assert.equal(step.failed, 1);
  assert.equal(step.errors, 1);
  assert.equal(step.openConnections, 4);
  assert.deepEqual(step.refusedByKind, { overflow: 2, timeout: 1 });
  // Four requests of 0.1 s in a second.
  assert.ok(Math.abs(step.acceptedInFlight - 0.4) < 1e-9);
  assert.equal(step.latencyUs.accepted.mean, 100_000);
  assert.equal(step.latencyUs.refused.mean, 400);
  assert.deepEqual(
    step.versions.map(({ version, accepted: n, refused, goodput }) => [version, n, refused, goodput]),
    [
      ['v1', 2, 1, 2],
      ['v2', 2, 0, 2],
      ['(none)', 0, 1, 0],
    ],
  );
});

test('the refused share has bounds, which hold at every look', () => {
  const rows = Array.from(
    { length: 100 },
    (_, i): Row => ({
      ...(i < 5 ? refusal : {}),
      sendUs: 1.5 * SECOND,
      endUs: 1.6 * SECOND,
    }),
  );
  const { refusedShare, refusedBounds } = folded(rows).result(null);
  assert.equal(refusedShare, 0.05);
  assert.ok(refusedBounds[0] > 0.001 && refusedBounds[0] < 0.05);
  assert.ok(refusedBounds[1] > 0.05);
});

test('by rate, times count from the due time, and in flight is what was sent', () => {
  const { latencyUs, acceptedInFlight, ratePerSecond } = folded(
    [{ version: 'v1', dueUs: 1.2 * SECOND, sendUs: 1.4 * SECOND, endUs: 1.5 * SECOND }],
    'rate',
  ).result(null);
  assert.equal(ratePerSecond, 4);
  assert.equal(latencyUs.accepted.mean, 300_000);
  assert.ok(Math.abs(acceptedInFlight - 0.1) < 1e-9);
});

test('a window without requests has no figures that are no numbers', () => {
  const step = folded([], 'connections', SECOND).result({ pending: 0, active: null });
  assert.equal(step.windowMs, 0);
  for (const figure of [step.offered, step.goodput, step.acceptedInFlight, step.refusedShare])
    assert.equal(figure, 0);
  assert.deepEqual(step.refusedBounds, [0, 1]);
  assert.equal(step.latencyUs.accepted.p50, null);
});

test('a level that is held again has the connections of one window, not of both', () => {
  const maker = new BlockMaker();
  const slots = new VersionSlots(maker.labels.versions, (label) => label, ['v1']);
  const step = () =>
    new StepFold(
      { purpose: 'above', kind: 'connections', level: 2, startUs: 0, refusalThreshold: 0.001 },
      slots,
    );
  const together = step();
  const on = (connection: number, second: number): Row => ({
    version: 'v1',
    connection,
    sendUs: second * SECOND,
    endUs: (second + 0.5) * SECOND,
  });
  for (const [fromUs, rows] of [
    [1, [on(1, 1), on(2, 1)]],
    [3, [on(3, 3)]],
  ] as const) {
    const fold = step();
    fold.open(fromUs * SECOND);
    fold.close((fromUs + 1) * SECOND);
    fold.add(maker.block(rows));
    together.merge(fold);
  }
  const { accepted, openConnections, windowMs, latencyUs } = together.result(null);
  assert.deepEqual([accepted, openConnections, windowMs], [3, 2, 2000]);
  assert.equal(latencyUs.accepted.count, 3);
});

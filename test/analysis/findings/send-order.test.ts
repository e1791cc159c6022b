/** Turns, bursts and changes are told from draws and from each other, however requests in flight overtake each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SendOrder, sendOrder } from '../../../src/analysis/findings/send-order.js';
import { SendWindows } from '../../../src/analysis/send-windows.js';
import { smallerP } from '../../../src/analysis/stats/dispersion.js';
import { NONE, OTHER } from '../../../src/analysis/version-slots.js';
import { seededRandom } from '../../support/blocks.js';

const [V1, V2] = [OTHER + 1, OTHER + 2];
const random = seededRandom(23);

/** 4,000 requests, 0.1 ms apart, of two expected versions. */
function orderOf(slotAt: (request: number) => number, inFlight = 8): SendOrder {
  const windows = new SendWindows(2);
  // The gateway sees a request up to as many places later as requests are in flight.
  const seen = Array.from({ length: 4000 }, (_, i) => ({ i, at: i + random() * inFlight }));
  seen.sort((a, b) => a.at - b.at);
  seen.forEach(({ i }, place) => {
    windows.add(i * 100, slotAt(place));
  });
  return sendOrder(windows, inFlight);
}

const draw = (share: number) => (random() < share ? V2 : V1);
const turns = ({ spread }: SendOrder) => spread !== null && smallerP(spread) <= 0.005;

test('versions in turn are found, with 8 and with 50 requests in flight', () => {
  for (const inFlight of [8, 50]) {
    for (const period of [2, 10]) {
      const found = orderOf((place) => (place % period === 0 ? V2 : V1), inFlight);
      assert.ok(turns(found), `1 in ${period}, ${inFlight} in flight`);
      assert.deepEqual([found.bursts, found.change], [null, null]);
    }
  }
});

test('draws are none of these', () => {
  let alarms = 0;
  for (let run = 0; run < 100; run++) {
    const found = orderOf(() => draw(0.1));
    if (turns(found) || found.bursts !== null || found.change !== null) alarms += 1;
  }
  // 3 % at most are expected: five standard errors are 9.
  assert.ok(alarms <= 12, `${alarms} of 100`);
});

test('a change is found with its time, and one that is taken back with both', () => {
  const once = orderOf((place) => draw(place < 1500 ? 0.1 : 0.3)).change;
  assert.equal(once?.once, true);
  assert.ok(Math.abs((once?.inside.toUs ?? 0) - 150_000) < 12_000, `${once?.inside.toUs}`);
  const passing = orderOf((place) => draw(place >= 1500 && place < 1900 ? 0.5 : 0.1)).change;
  assert.equal(passing?.once, false);
  assert.ok(Math.abs((passing?.inside.fromUs ?? 0) - 150_000) <= 25_000, `${passing?.inside.fromUs}`);
  assert.ok(Math.abs((passing?.inside.toUs ?? 0) - 190_000) <= 25_000, `${passing?.inside.toUs}`);
  assert.ok((passing?.p ?? 1) < 0.01);
});

test('requests whose version is not known are not taken for a change of the shares', () => {
  // From the middle on, what would be for v2 gets no version.
  const found = orderOf((place) => {
    const slot = draw(0.2);
    return slot === V2 && place >= 2000 ? NONE : slot;
  });
  assert.equal(found.change, null);
});

test('bursts are found, and no change beside them', () => {
  let last = V1;
  const found = orderOf(() => {
    if (random() < 0.2) last = draw(0.3);
    return last;
  });
  assert.ok((found.bursts?.ratio ?? 0) > 2);
  assert.equal(found.change, null);
});

test('a run of days, one version, and no request', () => {
  const windows = new SendWindows(2);
  const none = sendOrder(windows, 8);
  assert.deepEqual([none.spread, none.bursts, none.change], [null, null, null]);
  for (let day = 0; day < 3; day++) windows.add(day * 86_400e6, V1);
  const one = sendOrder(windows, 8);
  assert.deepEqual([one.spread, one.bursts, one.change], [null, null, null]);
  assert.equal(windows.whole().responses, 3);
});

test('blocks in any order fill the same windows', () => {
  const rows = Array.from({ length: 500 }, () => ({ at: random() * 100e6, slot: draw(0.3) }));
  const parts = (order: typeof rows) => {
    const windows = new SendWindows(2);
    for (const { at, slot } of order) windows.add(at, slot);
    return windows.parts(50);
  };
  assert.deepEqual(parts([...rows].reverse()), parts(rows));
});

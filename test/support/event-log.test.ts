import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectiveWindows, type LoggedEvent } from './event-log.js';

/** Requests every 10 ms from one time to another. */
function arrivals(...spans: readonly (readonly [fromMs: number, toMs: number])[]): number[] {
  return spans.flatMap(([fromMs, toMs]) =>
    Array.from({ length: Math.floor((toMs - fromMs) / 10) }, (_, i) => fromMs + 10 * i),
  );
}

function events(...told: readonly (readonly [atMs: number, address: string, out: boolean])[]): LoggedEvent[] {
  return told.map(([atMs, address, out]) => ({ atMs, address, out }));
}

const NOTHING = () => [];

test('times that the log leaves no doubt about are taken from it', () => {
  const log = events([100, 'a', true], [400, 'b', true], [5000, 'a', false], [5000, 'b', false]);
  const seen = { a: arrivals([0, 105], [5003, 9000]), b: arrivals([0, 1405], [6002, 9000]) };
  const windows = [
    { address: 'a', outMs: 100, backMs: 5000 },
    { address: 'b', outMs: 1400, backMs: 6000 },
  ];
  assert.deepEqual(
    effectiveWindows(log, (address) => seen[address as 'a' | 'b']),
    windows,
  );
  assert.deepEqual(effectiveWindows(log, NOTHING), windows, 'without arrivals as well');
});

test('1,000 ms after another change: the arrivals show whether it took effect at once', () => {
  const log = events([100, 'a', true], [1100, 'b', true]);
  const outOf = (seen: number[]) =>
    effectiveWindows(log, (address) => (address === 'b' ? seen : arrivals([0, 100])))[1]?.outMs ?? 0;
  assert.equal(outOf(arrivals([0, 2098])), 2100);
  const atOnceMs = outOf(arrivals([0, 1103]));
  assert.ok(atOnceMs >= 1100 && atOnceMs <= 1105, `${atOnceMs}`);
});

test('a return just as a timer fires: with what it brings, or a second later', () => {
  // b waits from 300 to 1300; a comes back at 1300.
  const log = events([100, 'a', true], [300, 'b', true], [1300, 'a', false]);
  const backOf = (seen: number[]) =>
    effectiveWindows(log, (address) => (address === 'a' ? seen : arrivals([0, 1300])))[0]?.backMs ?? 0;
  assert.ok(Math.abs(backOf(arrivals([0, 100], [2301, 4000])) - 2300) <= 5);
  assert.ok(Math.abs(backOf(arrivals([0, 100], [1302, 4000])) - 1300) <= 5);
});

test('a timer that is late on a busy machine: a change before it fires takes effect with it', () => {
  // b waits from 900 to 1900, but the timer fires at 1910.
  const log = events([100, 'a', true], [900, 'b', true], [1908, 'c', true]);
  const seen = { a: arrivals([0, 100]), b: arrivals([0, 1910]), c: arrivals([0, 1910]) };
  const outOf = (timersMs: number) =>
    effectiveWindows(log, (address) => seen[address as 'a' | 'b' | 'c'], { timersMs, arrivalsMs: 20 })[2]
      ?.outMs ?? 0;
  assert.equal(outOf(5), 2908, 'not by a timer that is in time');
  assert.ok(Math.abs(outOf(50) - 1908) <= 10);
});

test('a change that waits takes effect with the next one', () => {
  // The timer of b fires at 1404 instead of 1400, so a is not back at once, but with c.
  const log = events([100, 'a', true], [400, 'b', true], [2402, 'a', false], [2700, 'c', true]);
  const seen = { a: arrivals([0, 100], [2701, 9000]), b: arrivals([0, 1404]), c: arrivals([0, 2700]) };
  const [a] = effectiveWindows(log, (address) => seen[address as 'a' | 'b' | 'c']);
  assert.equal(a?.backMs, 2700);
});

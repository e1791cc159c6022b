import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEvent } from '../../src/blocks/gateway-observations.js';
import { loggedEjections } from '../../src/gateway/log-ejections.js';
import { logEvent, STARTED_AT_MS } from '../support/gateway-word.js';

const at = (ms: number): [number, number] => [STARTED_AT_MS + ms, STARTED_AT_MS + ms];

function spans(events: readonly LogEvent[]) {
  const { ejections, remarks } = loggedEjections(events);
  return {
    spans: ejections.map(({ ejectedMs, unejectedMs, cleared }) => [ejectedMs, unejectedMs, cleared]),
    remarks,
  };
}

test('each ejection ends with the next un-ejection of the same endpoint in the same cluster', () => {
  const other = { address: '10.0.3.18:8080' };
  const { ejections, remarks } = loggedEjections([
    logEvent(1000, 'eject'),
    logEvent(1500, 'eject', other),
    logEvent(1600, 'eject', { cluster: 'another' }),
    logEvent(2000, 'uneject', { sinceS: 1 }),
    logEvent(3000, 'eject', { sinceS: 1 }),
    logEvent(4000, 'uneject', other),
  ]);
  assert.deepEqual(
    ejections.map(({ cluster, address, ejectedMs, unejectedMs }) => [
      cluster.slice(0, 3),
      address,
      ejectedMs,
      unejectedMs,
    ]),
    [
      ['out', '10.0.3.17:8080', at(1000), at(2000)],
      ['out', '10.0.3.18:8080', at(1500), at(4000)],
      ['ano', '10.0.3.17:8080', at(1600), null],
      ['out', '10.0.3.17:8080', at(3000), null],
    ],
  );
  assert.deepEqual(remarks, []);
});

test('ejected again without having been put back: a new cluster cleared the first, some time before the second', () => {
  // A host of a new cluster was never put back, so its line has no seconds.
  const { spans: found, remarks } = spans([
    logEvent(1000, 'eject'),
    logEvent(9000, 'eject'),
    logEvent(11_000, 'uneject', { sinceS: 2 }),
  ]);
  assert.deepEqual(found, [
    [at(1000), [STARTED_AT_MS + 1000, STARTED_AT_MS + 9000], true],
    [at(9000), at(11_000), false],
  ]);
  assert.match(remarks.join(), /1 time an endpoint was ejected again .*DestinationRule/);
});

test('where the line of an un-ejection is lost, the next ejection says to a second when that was', () => {
  const { spans: found } = spans([logEvent(1000, 'eject'), logEvent(9000, 'eject', { sinceS: 4 })]);
  assert.deepEqual(found[0], [at(1000), [STARTED_AT_MS + 4000, STARTED_AT_MS + 5000], true]);
});

test('a log that begins in the middle: the un-ejection says to a second when it was ejected', () => {
  const { spans: found, remarks } = spans([
    logEvent(9000, 'uneject', { sinceS: 4 }),
    logEvent(9500, 'uneject', { address: '10.0.3.18:8080' }),
  ]);
  assert.deepEqual(found, [
    [null, at(9500), false],
    [[STARTED_AT_MS + 4000, STARTED_AT_MS + 5000], at(9000), false],
  ]);
  assert.match(remarks.join(), /puts 2 endpoints back that it did not eject/);
});

test('a step of the gateway’s clock between the lines is noticed', () => {
  const stepped = spans([logEvent(1000, 'eject'), logEvent(3_601_000, 'uneject', { sinceS: 5 })]);
  assert.match(stepped.remarks.join(), /clock was set/);
  const back = spans([logEvent(1000, 'eject'), logEvent(1500, 'uneject', { sinceS: 30 })]);
  assert.match(back.remarks.join(), /clock was set/);
  const not = spans([logEvent(1000, 'eject'), logEvent(6999, 'uneject', { sinceS: 5 })]);
  assert.deepEqual(not.remarks, []);
});

test('lines out of order are put in order', () => {
  const { spans: found } = spans([logEvent(2000, 'uneject', { sinceS: 1 }), logEvent(1000, 'eject')]);
  assert.deepEqual(found, [[at(1000), at(2000), false]]);
});

/** Turns are told from draws, however requests in flight overtake each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RotationFold } from '../../src/analysis/rotation.js';
import { seededRandom } from '../support/blocks.js';

/** Of how many runs of 4,000 requests, 0.1 ms apart, it is found that they take turns. */
function found(
  runs: number,
  inFlight: number,
  isOther: (request: number, random: () => number) => boolean,
): number {
  const random = seededRandom(23);
  let count = 0;
  for (let run = 0; run < runs; run++) {
    const fold = new RotationFold();
    // The gateway sees a request up to as many places later as requests are in flight.
    const seen = Array.from({ length: 4000 }, (_, i) => ({ i, at: i + random() * inFlight }));
    seen.sort((a, b) => a.at - b.at);
    seen.forEach(({ i }, place) => {
      fold.add(i * 100, isOther(place, random));
    });
    if (fold.takesTurns(inFlight)) count += 1;
  }
  return count;
}

test('versions in turn are found, with 8 and with 50 requests in flight', () => {
  for (const inFlight of [8, 50]) {
    for (const period of [2, 10]) {
      assert.equal(
        found(40, inFlight, (place) => place % period === 0),
        40,
        `1 in ${period}, ${inFlight} in flight`,
      );
    }
  }
});

test('draws are not taken for turns, and neither are replicas that do not agree', () => {
  assert.ok(found(200, 8, (_, random) => random() < 0.1) <= 5);
  // Connections take turns, and every second one leads to a gateway with other weights.
  assert.ok(found(200, 8, (place, random) => random() < (place % 2 === 0 ? 0.05 : 0.5)) <= 5);
});

test('a run of days, one version, and no request', () => {
  const fold = new RotationFold();
  assert.equal(fold.takesTurns(8), false);
  for (let day = 0; day < 3; day++) fold.add(day * 86_400e6, false);
  assert.equal(fold.takesTurns(8), false);
});

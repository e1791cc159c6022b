/** Responses of all kinds, whole, byte by byte and at random cuts: wire takes each of them as undici does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/random.js';
import { FedLane, type Http1Driver, type Taken } from '../../support/responses/fed-lane.js';
import { RESPONSES } from '../../support/responses/index.js';
import type { ResponseCase } from '../../support/responses/response.js';

const SEED = 25;
/** Longer ones are not fed byte by byte. */
const MAX_BYTES = 2000;

/** The lengths of the pieces that a response of this length comes in. */
type Cut = (length: number) => number[];

async function take(driver: Http1Driver, { bytes, method, ending }: ResponseCase, cut: Cut): Promise<Taken> {
  const lane = new FedLane(driver, method);
  try {
    await lane.send();
    const all = Buffer.from(bytes, 'latin1');
    let at = 0;
    for (const length of cut(all.length)) {
      lane.feed(all.subarray(at, at + length));
      at += length;
      if (driver === 'undici') await lane.settle();
    }
    if (ending !== undefined) await lane.hangUp(ending);
    return await lane.taken();
  } finally {
    lane.close();
  }
}

const whole: Cut = (length) => [length];
const byByte: Cut = (length) => (length > MAX_BYTES ? [length] : Array.from({ length }, () => 1));

test('there are at least 200 different ones', () => {
  assert.ok(
    new Set(RESPONSES.map(({ bytes, method, ending }) => `${method} ${ending} ${bytes}`)).size >= 200,
  );
  assert.equal(new Set(RESPONSES.map(({ name }) => name)).size, RESPONSES.length);
});

for (const response of RESPONSES) {
  test(response.name, async () => {
    const random = seededRandom(SEED);
    const cuts: Cut = (length) => {
      const pieces: number[] = [];
      for (let left = length; left > 0; left -= pieces.at(-1) as number) {
        pieces.push(Math.min(left, 1 + Math.floor(random() * Math.max(8, length / 4))));
      }
      return pieces;
    };
    const expected = await take('wire', response, whole);
    for (const cut of [byByte, cuts, cuts]) {
      assert.deepEqual(await take('wire', response, cut), expected, 'however it is cut');
    }
    for (const cut of [whole, byByte, cuts]) {
      const undici = await take('undici', response, cut);
      if (response.undici === undefined) assert.deepEqual(expected, undici);
      else assert.notDeepEqual(expected, undici, 'it is different no more');
    }
  });
}

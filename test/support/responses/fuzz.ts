/** Responses that are changed at random: wire must take each of them the same way however it is cut, beside another one. */
import assert from 'node:assert/strict';
import { seededRandom } from '../../../src/random.js';
import { FedLane, type Taken } from './fed-lane.js';
import { RESPONSES } from './index.js';
import type { ResponseCase } from './response.js';

/** Longer ones are left out: each case takes some turns of the loop only. */
const MAX_BYTES = 4000;
/** Bytes that mean something to a parser. */
const MEANING = Buffer.from('\r\n\t :;,0129afxHTP/.\u0000\u007f\u00ff', 'latin1');
const SEEDS = RESPONSES.filter(({ bytes }) => bytes.length <= MAX_BYTES);

type Random = () => number;
const below = (random: Random, n: number) => Math.floor(random() * n);

/** Some bytes replaced, put in, left out or doubled; or the beginning of one response with the end of another. */
function mutate(random: Random): { readonly bytes: Buffer; readonly from: ResponseCase } {
  const from = SEEDS[below(random, SEEDS.length)] as ResponseCase;
  let bytes = Buffer.from(from.bytes, 'latin1');
  for (let changes = below(random, 4); changes >= 0; changes -= 1) {
    const at = below(random, bytes.length + 1);
    const to = Math.min(bytes.length, at + 1 + below(random, 12));
    const byte =
      random() < 0.8
        ? MEANING.subarray(below(random, MEANING.length)).subarray(0, 1)
        : Buffer.from([below(random, 256)]);
    switch (below(random, 5)) {
      case 0:
        bytes = Buffer.concat([bytes.subarray(0, at), byte, bytes.subarray(at + 1)]);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), byte, bytes.subarray(at)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
        break;
      case 4: {
        const other = Buffer.from((SEEDS[below(random, SEEDS.length)] as ResponseCase).bytes, 'latin1');
        bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(below(random, other.length + 1))]);
      }
    }
  }
  return { bytes: bytes.subarray(0, MAX_BYTES), from };
}

function cutAtRandom(bytes: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  const most = 1 + below(random, bytes.length + 1);
  for (let at = 0; at < bytes.length; at += (pieces.at(-1) as Buffer).length) {
    pieces.push(bytes.subarray(at, at + 1 + below(random, most)));
  }
  return pieces;
}

/** Feeds two responses to two connections in turn, piece by piece. */
async function takeTogether(
  both: readonly { readonly pieces: readonly Buffer[]; readonly from: ResponseCase }[],
): Promise<Taken[]> {
  const lanes = both.map(({ from }) => new FedLane('wire', from.method));
  await Promise.all(lanes.map((lane) => lane.send()));
  const most = Math.max(...both.map(({ pieces }) => pieces.length));
  for (let i = 0; i < most; i += 1) {
    for (const [index, lane] of lanes.entries()) {
      const piece = both[index]?.pieces[i];
      if (piece !== undefined) lane.feed(piece);
    }
  }
  await Promise.all(lanes.map((lane, i) => hangUp(lane, both[i]?.from.ending)));
  const taken = await Promise.all(lanes.map((lane) => lane.taken()));
  for (const lane of lanes) lane.close();
  return taken;
}

async function hangUp(lane: FedLane, how: ResponseCase['ending']): Promise<void> {
  if (how !== undefined) await lane.hangUp(how);
}

/** @throws AssertionError naming the case that failed */
export async function fuzz(cases: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  for (let i = 0; i < cases; i += 2) {
    const both = [mutate(random), mutate(random)];
    const expected: Taken[] = [];
    for (const { bytes, from } of both) {
      expected.push(...(await takeTogether([{ pieces: [bytes], from }])));
    }
    const cut = both.map(({ bytes, from }) => ({ pieces: cutAtRandom(bytes, random), from }));
    const which = () =>
      `case ${i} of seed ${seed}: ${JSON.stringify(both.map(({ bytes }) => bytes.toString('latin1')))}`;
    assert.deepEqual(await takeTogether(cut), expected, which());
  }
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { encodeHdr } from '../../../src/analysis/stats/hdr-encoding.js';
import { LogHistogram, MAX_VALUE_US, THREE_DIGITS } from '../../../src/analysis/stats/log-histogram.js';

/** A value and how often it was recorded. */
const recorded = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: MAX_VALUE_US })),
    fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 20_000 })),
  ),
  { maxLength: 60 },
);

function uncompressed(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  assert.equal(bytes.readInt32BE(0), 0x1c849314);
  assert.equal(bytes.readInt32BE(4), bytes.length - 8);
  return inflateSync(bytes.subarray(8));
}

test('the text is the one of the hdr-histogram library, but for the shift of the counts, which is 0', () => {
  fc.assert(
    fc.property(recorded, (list) => {
      const ours = new LogHistogram(THREE_DIGITS);
      const theirs = build({
        lowestDiscernibleValue: 1,
        highestTrackableValue: MAX_VALUE_US,
        numberOfSignificantValueDigits: 3,
        autoResize: false,
        bitBucketSize: 32,
      });
      for (const [value, times] of list) {
        for (let i = 0; i < times; i++) ours.record(value);
        theirs.recordValueWithCount(value, times);
      }
      const expected = uncompressed(encodeIntoCompressedBase64(theirs));
      expected.writeInt32BE(0, 8);
      assert.deepEqual(uncompressed(encodeHdr(ours)), expected);
    }),
    { seed: 3, numRuns: 60 },
  );
});

test('counts of five bytes and more are read back by the library', () => {
  const histogram = new LogHistogram(THREE_DIGITS);
  const one = new LogHistogram(THREE_DIGITS);
  one.record(1234);
  // 2^31 requests, doubled by merging.
  histogram.merge(one);
  for (let i = 0; i < 31; i++) {
    const same = new LogHistogram(THREE_DIGITS);
    same.merge(histogram);
    histogram.merge(same);
  }
  const read = decodeFromCompressedBase64(encodeHdr(histogram));
  assert.equal(read.totalCount, 2 ** 31);
  assert.equal(read.getValueAtPercentile(100), 1234);
});

test('a histogram without counts is read back as one', () => {
  assert.equal(decodeFromCompressedBase64(encodeHdr(new LogHistogram(THREE_DIGITS))).totalCount, 0);
});

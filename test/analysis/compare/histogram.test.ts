import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { HistogramError, histogramOf } from '../../../src/analysis/compare/histogram.js';
import { LatencyFold } from '../../../src/analysis/latency.js';
import { PERCENTILES } from '../../../src/analysis/stats/percentile-bounds.js';
import { seededRandom } from '../../support/blocks.js';

function timesOf(values: readonly number[]) {
  const fold = new LatencyFold('closed');
  for (const us of values) fold.add(0, us, us);
  return { latency: fold.result(0).latencyUs, histogram: fold.histogram(0) };
}

test('a histogram comes back as the run had it: every bucket, minimum, maximum and percentile', () => {
  const random = seededRandom(3);
  for (const n of [0, 1, 2, 500, 20_000]) {
    const values = Array.from({ length: n }, () => Math.floor(10 ** (random() * 9.5)));
    const { latency, histogram } = timesOf(values);
    const back = histogramOf(latency);
    assert.deepEqual([back.count, back.min, back.max], [histogram.count, histogram.min, histogram.max]);
    for (const percent of PERCENTILES) assert.equal(back.percentile(percent), histogram.percentile(percent));
    const buckets = (of: typeof back) => {
      const all: number[][] = [];
      of.forEach((...bucket) => {
        all.push(bucket);
      });
      return all;
    };
    assert.deepEqual(buckets(back), buckets(histogram));
  }
});

test('what is no histogram of ours is refused, also one that would fill the memory', () => {
  const { latency } = timesOf([1, 2, 3]);
  const bytes = Buffer.from(latency.histogram, 'base64');
  const packed = (payload: Buffer) => {
    const body = deflateSync(payload);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(0x1c849314, 0);
    head.writeUInt32BE(body.length, 4);
    return Buffer.concat([head, body]).toString('base64');
  };
  const cases: readonly (readonly [histogram: string, message: RegExp])[] = [
    ['', /is no HdrHistogram V2/],
    ['!!!', /is no HdrHistogram V2/],
    [Buffer.from('hello, world').toString('base64'), /is no HdrHistogram V2/],
    [bytes.subarray(0, 20).toString('base64'), /is damaged/],
    [packed(Buffer.alloc(10)), /is not over microseconds/],
    [packed(Buffer.alloc(60)), /is not over microseconds/],
    [packed(Buffer.alloc(64 << 20)), /is damaged/],
    ['A'.repeat(2 << 20), /has more than 1048576 characters/],
    [timesOf([1, 2]).latency.histogram, /has 2 values and not 3/],
  ];
  for (const [histogram, message] of cases) {
    assert.throws(
      () => histogramOf({ ...latency, histogram }),
      (error: unknown) => error instanceof HistogramError && message.test(error.message),
      String(message),
    );
  }
});

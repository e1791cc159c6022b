/** The counts of times in a result: HdrHistogram V2, compressed and in base64, as latency.ts writes them. */
import { inflateSync } from 'node:zlib';
import { hdrLibrary } from '../../hdr-library.js';
import { LogHistogram, MAX_VALUE_US, THREE_DIGITS } from '../../log-histogram.js';
import type { ComparableTimes } from './inputs.js';

/** Characters of base64. A histogram in which every bucket is in use has a quarter of that. */
const MAX_HISTOGRAM_LENGTH = 1_048_576;
/** Bytes of counts, which compress well. */
const MAX_HISTOGRAM_BYTES = 1_048_576;
const COMPRESSED_COOKIE = 0x1c849304;
/** Bytes before the counts: the cookie and the length. */
const HEADER_BYTES = 8;
/** Where the payload says how many digits it has, and its smallest and largest value. */
const [DIGITS_AT, LOWEST_AT, HIGHEST_AT, PAYLOAD_HEADER_BYTES] = [12, 16, 24, 40] as const;

/** The text is no histogram as results have it. The message continues a sentence that names it. */
export class HistogramError extends Error {}

/** Those that were read: a reference is compared with each of the others. */
const read = new WeakMap<ComparableTimes, LogHistogram>();

/**
 * The counts as the run had them, so that percentiles and their bounds are the same.
 *
 * @throws HistogramError
 */
export function histogramOf(times: ComparableTimes): LogHistogram {
  const known = read.get(times);
  if (known !== undefined) return known;
  const { count, min, mean, max, histogram: text } = times;
  const histogram = new LogHistogram(THREE_DIGITS);
  if (count > 0 && min !== null && mean !== null && max !== null) {
    decodeInto(histogram, text);
    if (histogram.count !== count) {
      throw new HistogramError(`has ${histogram.count} values and not ${count}`);
    }
    // The exact ones, which the buckets have lost.
    histogram.min = min;
    histogram.max = max;
    histogram.sum = mean * count;
  }
  read.set(times, histogram);
  return histogram;
}

function decodeInto(histogram: LogHistogram, text: string): void {
  if (text.length > MAX_HISTOGRAM_LENGTH) {
    throw new HistogramError(`has more than ${MAX_HISTOGRAM_LENGTH} characters`);
  }
  const payload = inflated(Buffer.from(text, 'base64'));
  const isOurs =
    payload.length >= PAYLOAD_HEADER_BYTES &&
    payload.readInt32BE(DIGITS_AT) === 3 &&
    payload.readBigInt64BE(LOWEST_AT) === 1n &&
    payload.readBigInt64BE(HIGHEST_AT) === BigInt(MAX_VALUE_US);
  if (!isOurs) throw new HistogramError('is not over microseconds up to an hour with three digits');
  try {
    const { decodeFromCompressedBase64, JsHistogram } = hdrLibrary();
    const decoded = decodeFromCompressedBase64(text);
    if (!(decoded instanceof JsHistogram)) throw new HistogramError('is damaged');
    const end = decoded.countsArrayIndex(decoded.maxValue);
    for (let index = 0; index <= end; index++) {
      const times = decoded.getCountAtIndex(index);
      if (times > 0) histogram.record(decoded.valueFromIndex(index), times);
    }
  } catch {
    throw new HistogramError('is damaged');
  }
}

function inflated(bytes: Buffer): Buffer {
  if (bytes.length < HEADER_BYTES || (bytes.readUInt32BE(0) & ~0xf0) >>> 0 !== COMPRESSED_COOKIE) {
    throw new HistogramError('is no HdrHistogram V2');
  }
  try {
    return inflateSync(bytes.subarray(HEADER_BYTES), { maxOutputLength: MAX_HISTOGRAM_BYTES });
  } catch {
    throw new HistogramError('is damaged');
  }
}

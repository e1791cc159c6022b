/**
 * A histogram as text: HdrHistogram's V2 format, compressed, base64 (Tene, github.com/HdrHistogram: `encodeIntoCompressedByteBuffer`).
 * A test compares it with hdr-histogram-js, which is not used here because to load it costs a short run more CPU than its
 * requests do.
 */
import { deflateSync } from 'node:zlib';
import { type LogHistogram, MAX_VALUE_US } from './log-histogram.js';

/** The low byte says: counts are ZigZag LEB128. */
const COOKIE = 0x1c849313;
const COMPRESSED_COOKIE = 0x1c849314;
const HEADER_BYTES = 40;
const SIGNIFICANT_DIGITS = 3;
/** Most bytes of a count below 2^32: 33 bits with its sign, 7 in a byte. */
const COUNT_BYTES = 5;

/** @param histogram with the layout of three significant digits. Equal counts give equal text */
export function encodeHdr(histogram: LogHistogram): string {
  const payload = compressible(histogram);
  const body = deflateSync(payload);
  const head = Buffer.alloc(8);
  head.writeInt32BE(COMPRESSED_COOKIE, 0);
  head.writeInt32BE(body.length, 4);
  return Buffer.concat([head, body]).toString('base64');
}

function compressible(histogram: LogHistogram): Buffer {
  let buckets = 0;
  histogram.forEach(() => {
    buckets++;
  });
  // A count and the zeros before it; without any count, one zero.
  const bytes = Buffer.alloc(HEADER_BYTES + Math.max(1, buckets * 2 * COUNT_BYTES));
  let end = HEADER_BYTES;
  let next = 0;
  const put = (value: number) => {
    end = putZigZag(bytes, value, end);
  };
  histogram.forEach((_lowUs, count, index) => {
    const zeros = index - next;
    // A run of zeros is a negative number, a single one is a count.
    if (zeros > 0) put(zeros === 1 ? 0 : -zeros);
    put(count);
    next = index + 1;
  });
  if (next === 0) put(0);
  bytes.writeInt32BE(COOKIE, 0);
  bytes.writeInt32BE(end - HEADER_BYTES, 4);
  // At 8: by how many buckets counts are shifted. hdr-histogram-js writes 1, though it shifts none.
  bytes.writeInt32BE(0, 8);
  bytes.writeInt32BE(SIGNIFICANT_DIGITS, 12);
  bytes.writeBigInt64BE(1n, 16);
  bytes.writeBigInt64BE(BigInt(MAX_VALUE_US), 24);
  bytes.writeBigInt64BE(1n, 32);
  return bytes.subarray(0, end);
}

/** @returns where the next byte goes */
function putZigZag(bytes: Buffer, value: number, at: number): number {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  while (rest >= 128) {
    bytes[at++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
  return at;
}

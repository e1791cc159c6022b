/** Reads the texts of a dictionary batch: utf8, or large_utf8, whose offsets have 64 bits. */

import { MalformedError } from './errors.js';
import { countAt } from './flatbuffer.js';
import type { BatchLayout } from './messages.js';

/** More than the labels that all columns of a run can have together. */
export const MAX_ENTRIES = 1 << 20;
/** Bytes of all its texts: twice as many as 4,096 labels of 256 characters can have. */
export const MAX_TEXT_BYTES = 8 << 20;
const decoder = new TextDecoder('utf-8');

/**
 * The texts, in order.
 *
 * @param large whether offsets have 64 bits
 * @throws MalformedError when a text does not lie within the batch
 */
export function readTexts({ rows, buffers }: BatchLayout, large: boolean): string[] {
  const [, offsets, bytes] = buffers;
  if (rows === 0) return [];
  if (offsets === undefined || bytes === undefined) throw new MalformedError('a dictionary without texts');
  if (rows > MAX_ENTRIES) throw tooLarge();
  const width = large ? 8 : 4;
  if (offsets.length < (rows + 1) * width) throw new MalformedError('a dictionary without all its offsets');
  const view = new DataView(offsets.buffer, offsets.byteOffset, offsets.byteLength);
  const offset = (row: number) => (large ? countAt(view, row * 8) : view.getInt32(row * 4, true));
  if (offset(rows) - offset(0) > MAX_TEXT_BYTES) throw tooLarge();
  return Array.from({ length: rows }, (_, row) => {
    const from = offset(row);
    const to = offset(row + 1);
    if (from < 0 || from > to || to > bytes.length)
      throw new MalformedError('a text outside of its dictionary');
    return decoder.decode(bytes.subarray(from, to));
  });
}

/** The error for a dictionary beyond the bounds. */
export function tooLarge(): MalformedError {
  return new MalformedError(
    `a dictionary of more than ${MAX_ENTRIES} entries, or of more than ${MAX_TEXT_BYTES >> 20} MiB of text`,
  );
}

/** A column of values in Arrow: a text or whole number per row, and a bit per row that has one. */
import type { SampleBlock } from '../../blocks/sample-block.js';
import type { ValueColumn } from './value-columns.js';

/** The parts from which apache-arrow makes the column of a block. */
export function encodeValues({ type, at }: ValueColumn, block: SampleBlock): object {
  const { length } = block;
  const values = Array.from({ length }, (_, row) => at(block, row));
  const nullBitmap = new Uint8Array(Math.ceil(length / 64) * 8);
  let nullCount = 0;
  values.forEach((value, row) => {
    if (value === null) nullCount += 1;
    else (nullBitmap[row >> 3] as number) |= 1 << (row & 7);
  });
  if (type === 'uint64') {
    return { nullCount, nullBitmap, data: BigUint64Array.from(values, (value) => BigInt(value ?? 0)) };
  }
  const valueOffsets = new Int32Array(length + 1);
  values.forEach((value, row) => {
    valueOffsets[row + 1] = (valueOffsets[row] as number) + String(value ?? '').length;
  });
  // UUIDs are ASCII: a character is a byte.
  return { nullCount, nullBitmap, valueOffsets, data: Buffer.from(values.join(''), 'latin1') };
}

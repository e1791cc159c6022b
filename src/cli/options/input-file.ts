/** Reads files that flags name: bodies, certificates and keys. */
import { closeSync, openSync, readSync } from 'node:fs';
import { systemReason, UserError } from '../../errors.js';

/** A larger file is refused: it would be kept in memory. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/** @throws UserError naming the flag, when the file cannot be read or is too large */
export function readInput(file: string, flag: string): Buffer {
  try {
    const bytes = readAtMost(file, MAX_FILE_BYTES + 1);
    if (bytes.length > MAX_FILE_BYTES) {
      throw new UserError(`${flag}: ${file} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB.`);
    }
    return bytes;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${flag}: ${file} cannot be read (${systemReason(error)}).`);
  }
}

/** The beginning of a file. It may be a device or a pipe without an end. */
function readAtMost(file: string, most: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let left = most; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, PIECE_BYTES));
      const length = readSync(descriptor, piece);
      if (length === 0) break;
      pieces.push(piece.subarray(0, length));
      left -= length;
    }
    return Buffer.concat(pieces);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads files that flags name: headers, bodies, certificates and keys. */
import { closeSync, openSync, readSync } from 'node:fs';
import { systemReason, UserError } from '../../errors.js';
import { STDIN_FILE } from '../../io/byte-source.js';

/** A larger file is refused: it would be kept in memory. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const AGAIN_MS = 5;

/**
 * @param maxBytes whole MiB
 * @throws UserError naming the flag, when the file cannot be read or is too large
 */
export function readInput(file: string, flag: string, maxBytes = MAX_FILE_BYTES): Buffer {
  try {
    const bytes = readAtMost(file, maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new UserError(`${flag}: ${file} is larger than ${maxBytes / 1024 / 1024} MiB.`);
    }
    return bytes;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${flag}: ${file} cannot be read (${systemReason(error)}).`);
  }
}

/** The beginning of a file. It may be a device or a pipe without an end. */
function readAtMost(file: string, most: number): Buffer {
  const descriptor = file === STDIN_FILE ? 0 : openSync(file, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let left = most; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, PIECE_BYTES));
      const length = readPiece(descriptor, piece);
      if (length === 0) break;
      pieces.push(piece.subarray(0, length));
      left -= length;
    }
    return Buffer.concat(pieces);
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

function readPiece(descriptor: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      // Another process made this pipe non-blocking.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
    }
  }
}

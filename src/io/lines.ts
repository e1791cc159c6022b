/** Reads the lines of a file or pipe in batches, in bounded memory. */
import { UserError } from '../errors.js';
import type { ByteSource } from './byte-source.js';

export interface Line {
  /** Without the line end. Valid until the next lines are read. */
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  /** False for a last line without a line end, which may be incomplete. */
  readonly ended: boolean;
}

const PIECE_BYTES = 256 << 10;
/** A line holds a response body as base64, so bodies may have 12 MiB. */
export const MAX_LINE_BYTES = 16 << 20;
const NEWLINE = 0x0a;

/**
 * The lines from the source's position on.
 *
 * @throws UserError for a line that is longer than 16 MiB
 */
export async function* readLines(source: ByteSource): AsyncGenerator<Line[]> {
  let buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let used = 0;
  let number = 0;
  for (;;) {
    const room = buffer.length - used;
    const got = await source.fill(buffer.subarray(used));
    const filled = buffer.subarray(0, used + got);
    const lines: Line[] = [];
    let from = 0;
    // The bytes before `used` have no line end.
    for (let at = filled.indexOf(NEWLINE, used); at !== -1; at = filled.indexOf(NEWLINE, from)) {
      number += 1;
      lines.push({ bytes: filled.subarray(from, at), number, ended: true });
      from = at + 1;
    }
    const last = got < room;
    if (last && from < filled.length) {
      lines.push({ bytes: filled.subarray(from), number: number + 1, ended: false });
    }
    if (lines.length > 0) yield lines;
    if (last) return;
    used = filled.length - from;
    if (used === buffer.length && used >= MAX_LINE_BYTES) {
      throw new UserError(`${source.file}: line ${number + 1} is longer than 16 MiB.`);
    }
    const next = used === buffer.length ? Buffer.allocUnsafeSlow(used * 2) : buffer;
    buffer.copy(next, 0, from, filled.length);
    buffer = next;
  }
}

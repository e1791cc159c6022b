/** What can be wrong with a saved run, and the error for people that comes of it. */
import { UserError } from '../../errors.js';
import type { ColumnName } from '../format/columns.js';

/** The bytes do not follow the Arrow format. The message says what is wrong. */
export class MalformedError extends Error {}

/**
 * The stream is valid Arrow but not a saved run: a column or metadata is missing or is not as expected. The message is
 * the end of a sentence that begins with the file's name.
 */
export class ColumnError extends Error {}

/** A row has a name that this version does not know, or no name in a column that needs one. */
export class UnknownNameError extends Error {
  constructor(
    readonly column: ColumnName,
    /** Number of the entry in the column's dictionary. */
    readonly entry: number,
  ) {
    super(`an unknown ${column}`);
  }
}

/**
 * The error for people; errors that reading does not cause are returned as they are.
 *
 * @param position bytes read so far
 */
export function readableError(error: unknown, file: string, position: number): unknown {
  if (error instanceof ColumnError) return new UserError(`${file} ${error.message}.`);
  // A DataView throws a RangeError for an offset outside of its bytes.
  const outside = error instanceof RangeError ? 'an offset points outside of its message' : null;
  const why = error instanceof MalformedError ? error.message : outside;
  if (why !== null) return new UserError(`${file} is damaged before byte ${position}: ${why}.`);
  return error;
}

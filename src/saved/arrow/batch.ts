/** Copies the rows of an Arrow record batch into sample blocks. An error names the column. */
import type { SampleBlock } from '../../blocks/sample-block.js';
import { COLUMNS, type ColumnName, type ColumnValues, columnOf } from '../format/columns.js';
import { absent, UNKNOWN_NAME } from './dictionary-numbers.js';
import { ColumnError, UnknownNameError } from './errors.js';
import type { Fields, IndexType, Place } from './fields.js';
import type { BatchLayout } from './messages.js';

type Values = Float64Array | Uint32Array | Uint16Array | Uint8Array | Int32Array | Int16Array | Int8Array;

interface Column {
  readonly name: ColumnName;
  readonly values: Values;
  /** One bit per row, 0 for null; null when no row is null. */
  readonly valid: Uint8Array | null;
  /** Numbers in a sample block by dictionary entry; null for a column without a dictionary. */
  readonly numbers: readonly number[] | null;
}

/** 30 years, µs. A file with longer times is damaged. */
const MAX_US = 1e15;

/** The columns of one record batch. */
export class ArrowBatch {
  readonly rows: number;
  readonly #columns: readonly Column[];

  /**
   * @param numbersOf numbers of the entries of a column's dictionary
   * @throws ColumnError for a column with fewer values than the batch has rows
   */
  constructor(
    layout: BatchLayout,
    fields: Fields,
    numbersOf: (column: ColumnName, dictionary: number) => readonly number[],
  ) {
    this.rows = layout.rows;
    this.#columns = COLUMNS.map(([name]) => {
      const place = fields.places[name];
      const node = layout.nodes[place.node];
      const validity = layout.buffers[place.buffer];
      const bytes = layout.buffers[place.buffer + 1];
      if (node === undefined || validity === undefined || bytes === undefined || node.length !== this.rows) {
        throw new ColumnError(`has a batch whose column ${name} is incomplete`);
      }
      const valid = node.nulls === 0 ? null : validity;
      const values = valuesOf(place, bytes, this.rows);
      if (values === null || (valid !== null && valid.length * 8 < this.rows)) {
        throw new ColumnError(`has a batch whose column ${name} is shorter than its ${this.rows} rows`);
      }
      const { dictionary } = place;
      return { name, values, valid, numbers: dictionary === null ? null : numbersOf(name, dictionary.id) };
    });
  }

  /**
   * Copies as many rows as fit into a block, beginning with row `first` of the batch.
   *
   * @throws ColumnError for a value that the column may not have, UnknownNameError for a name that is not known
   */
  copy(first: number, block: SampleBlock): void {
    const length = Math.min(this.rows - first, block.capacity);
    block.length = length;
    for (const column of this.#columns) {
      const target = columnOf(column.name, block);
      if (column.numbers !== null) translate(column, column.numbers, first, length, target);
      else {
        target.set(column.values.subarray(first, first + length));
        if (column.valid !== null) markNulls(column, first, length, target);
        if (target instanceof Float64Array) checkTimes(column.name, target, length);
      }
    }
  }
}

function valuesOf({ type, dictionary }: Place, bytes: Uint8Array, rows: number): Values | null {
  const { buffer, byteOffset, byteLength } = bytes;
  const make = <T extends Values>(
    kind: { readonly BYTES_PER_ELEMENT: number } & (new (
      buffer: ArrayBufferLike,
      at: number,
      length: number,
    ) => T),
  ) =>
    rows * kind.BYTES_PER_ELEMENT > byteLength || byteOffset % kind.BYTES_PER_ELEMENT !== 0
      ? null
      : new kind(buffer, byteOffset, rows);
  if (dictionary !== null) return make(indexKind(dictionary.index));
  if (type === 'float64') return make(Float64Array);
  return type === 'uint32' ? make(Uint32Array) : make(Uint16Array);
}

type IndexArray = new (buffer: ArrayBufferLike, at: number, length: number) => Values;

function indexKind({ bits, signed }: IndexType): IndexArray & { readonly BYTES_PER_ELEMENT: number } {
  if (bits === 8) return signed ? Int8Array : Uint8Array;
  if (bits === 16) return signed ? Int16Array : Uint16Array;
  return signed ? Int32Array : Uint32Array;
}

function isNull(valid: Uint8Array, row: number): boolean {
  return (((valid[row >> 3] as number) >> (row & 7)) & 1) === 0;
}

function translate(
  { name, values, valid }: Column,
  numbers: readonly number[],
  first: number,
  length: number,
  target: ColumnValues,
): void {
  const none = absent(name);
  for (let i = 0; i < length; i++) {
    const row = first + i;
    const number = valid !== null && isNull(valid, row) ? none : numbers[values[row] as number];
    if (number === undefined) {
      throw new ColumnError(`has a row whose ${name} is in no dictionary (entry ${values[row]})`);
    }
    if (number === UNKNOWN_NAME) throw new UnknownNameError(name, values[row] as number);
    target[i] = number;
  }
}

/** Nulls become NaN, which some tools write as null. Only times may be NaN. */
function markNulls({ name, valid }: Column, first: number, length: number, target: ColumnValues): void {
  for (let i = 0; i < length; i++) {
    if (!isNull(valid as Uint8Array, first + i)) continue;
    if (!(target instanceof Float64Array)) throw new ColumnError(`has a row without ${name}`);
    target[i] = Number.NaN;
  }
}

function checkTimes(name: ColumnName, times: Float64Array, length: number): void {
  const required = name === 'due_us' || name === 'end_us';
  for (let i = 0; i < length; i++) {
    const time = times[i] as number;
    if (Math.abs(time) <= MAX_US || (!required && Number.isNaN(time))) continue;
    throw new ColumnError(`has a row whose ${name} is ${time}, which is not a time of a run`);
  }
}

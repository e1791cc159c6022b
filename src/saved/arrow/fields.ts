/** Finds the columns of a saved run in a stream's schema (Arrow's format/Schema.fbs). */
import { COLUMNS, type ColumnName, type ColumnType } from '../format/columns.js';
import { ColumnError, MalformedError } from './errors.js';
import type { FlatTable } from './flatbuffer.js';

/** Codes of the union Type in Schema.fbs that columns of a saved run have. */
const TYPE = { int: 2, float: 3, utf8: 5, largeUtf8: 20 } as const;
/** Precision.DOUBLE of Schema.fbs. */
const DOUBLE = 2;

/**
 * Buffers of a column by the code of its type, without those of its children. They are needed to skip a column that
 * is not part of a saved run. Types that are missing here (views, unions, run-end encoded) have a number of buffers
 * that does not follow from the schema.
 */
const BUFFERS: Readonly<Record<number, number>> = {
  1: 0, // null
  2: 2, // int
  3: 2, // float
  4: 3, // binary
  5: 3, // utf8
  6: 2, // bool
  7: 2, // decimal
  8: 2, // date
  9: 2, // time
  10: 2, // timestamp
  11: 2, // interval
  12: 2, // list
  13: 1, // struct
  15: 2, // fixed-size binary
  16: 1, // fixed-size list
  17: 2, // map
  18: 2, // duration
  19: 3, // large binary
  20: 3, // large utf8
  21: 2, // large list
};
/** Columns that a stream may have, including children of columns. */
const MAX_FIELDS = 3000;
/** Bytes of a column's name. */
const MAX_NAME_BYTES = 1024;

/** Where the values of a column are in each batch. */
export interface Place {
  readonly type: ColumnType;
  /** Index of the column among the nodes of a batch. */
  readonly node: number;
  /** Index of its first buffer. */
  readonly buffer: number;
  /** Null for a column without a dictionary. */
  readonly dictionary: { readonly id: number; readonly index: IndexType } | null;
}

/** Integer type of the indices into a dictionary. */
export interface IndexType {
  readonly bits: 8 | 16 | 32;
  readonly signed: boolean;
}

/** The columns of a saved run in one stream. */
export interface Fields {
  readonly places: Readonly<Record<ColumnName, Place>>;
  /** Dictionaries by id; large ones have offsets of 64 bits. */
  readonly dictionaries: ReadonlyMap<number, { readonly large: boolean }>;
}

/**
 * Finds every column of a saved run.
 *
 * @param schema the table Schema of Schema.fbs
 * @throws ColumnError for a column that is missing, there twice, of another type, or after one that cannot be skipped
 */
export function fieldsOf(schema: FlatTable): Fields {
  if (schema.int16(0) !== 0) throw new MalformedError('it is big-endian, which is not supported');
  const types = new Map<string, ColumnType>(COLUMNS);
  const places = new Map<string, Place>();
  const dictionaries = new Map<number, { large: boolean }>();
  const walk = { nodes: 0, buffers: 0, fields: 0, unknown: null as string | null };
  for (const field of schema.tables(1)) {
    const name = field.text(0, MAX_NAME_BYTES) ?? '';
    const type = types.get(name);
    if (type !== undefined) {
      if (places.has(name)) throw new ColumnError(`has the column ${name} twice`);
      if (walk.unknown !== null) {
        throw new ColumnError(
          `has the column ${walk.unknown}, whose type cannot be skipped: remove it, or put it last`,
        );
      }
      const dictionary = dictionaryOf(field, name, type, dictionaries);
      places.set(name, { type, node: walk.nodes, buffer: walk.buffers, dictionary });
    }
    countField(field, name, walk);
  }
  for (const [name, type] of COLUMNS) {
    if (!places.has(name)) throw new ColumnError(`has no column ${name} (${nameOf(type)})`);
  }
  return { places: Object.fromEntries(places) as Record<ColumnName, Place>, dictionaries };
}

function nameOf(type: ColumnType): string {
  return type === 'labels16' || type === 'labels8' ? 'a dictionary of utf8' : type;
}

/**
 * The dictionary of a field; null for a type without one.
 *
 * @throws ColumnError when the field is not of the type
 */
function dictionaryOf(
  field: FlatTable,
  name: string,
  type: ColumnType,
  dictionaries: Map<number, { large: boolean }>,
): Place['dictionary'] {
  const wrong = () => new ColumnError(`has a column ${name} that is not ${nameOf(type)}`);
  const code = field.uint8(2);
  const detail = field.table(3);
  const encoding = field.table(4);
  if (type === 'labels16' || type === 'labels8') {
    if (encoding === null || (code !== TYPE.utf8 && code !== TYPE.largeUtf8)) throw wrong();
    const indexType = encoding.table(1);
    const bits = indexType?.int32(0) ?? 32;
    if (bits !== 8 && bits !== 16 && bits !== 32) throw wrong();
    const id = encoding.count(0);
    dictionaries.set(id, { large: code === TYPE.largeUtf8 });
    return { id, index: { bits, signed: indexType === null || indexType.uint8(1) === 1 } };
  }
  const right =
    encoding === null &&
    (type === 'float64'
      ? code === TYPE.float && detail?.int16(0) === DOUBLE
      : code === TYPE.int && detail?.int32(0) === (type === 'uint32' ? 32 : 16) && detail.uint8(1) === 0);
  if (!right) throw wrong();
  return null;
}

/** Adds the nodes and buffers of a field and of its children. */
function countField(
  field: FlatTable,
  name: string,
  walk: { nodes: number; buffers: number; fields: number; unknown: string | null },
): void {
  walk.fields += 1;
  if (walk.fields > MAX_FIELDS) throw new MalformedError(`more than ${MAX_FIELDS} columns`);
  walk.nodes += 1;
  if (field.table(4) !== null) {
    walk.buffers += 2;
    return;
  }
  const buffers = BUFFERS[field.uint8(2)];
  if (buffers === undefined) walk.unknown ??= name;
  walk.buffers += buffers ?? 0;
  for (const child of field.tables(5)) countField(child, name, walk);
}

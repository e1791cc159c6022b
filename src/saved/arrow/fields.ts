/** Which columns a stream has, and where each of ours is among its buffers. Format: format/Schema.fbs. */
import { COLUMNS, type ColumnName, type ColumnType } from '../format/columns.js';
import { type FlatTable, MalformedError } from './flatbuffer.js';

/** Type of Schema.fbs, as far as it is needed here. */
const TYPE = { int: 2, float: 3, utf8: 5, largeUtf8: 20 } as const;
const DOUBLE = 2;

/**
 * Buffers of a column by its type, without those of its children: a column that is none of ours is passed
 * over. For types that are not here (views, unions, run-ends) that number is not the schema's alone to say.
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
/** Columns, children included, that a stream may have. */
const MAX_FIELDS = 3000;

/** Where a column of ours is. */
export interface Place {
  readonly type: ColumnType;
  /** Number of its node, and of its first buffer. */
  readonly node: number;
  readonly buffer: number;
  /** Of a dictionary's column. */
  readonly dictionary: { readonly id: number; readonly index: IndexType } | null;
}

export interface IndexType {
  readonly bits: 8 | 16 | 32;
  readonly signed: boolean;
}

export interface Fields {
  readonly places: Readonly<Record<ColumnName, Place>>;
  /** Dictionaries by id: whether the offsets of their texts have 64 bits. */
  readonly dictionaries: ReadonlyMap<number, { readonly large: boolean }>;
}

/** What a reader is told about a column that is missing or not what it should be. */
export class ColumnError extends Error {}

/**
 * @param schema table of Schema.fbs
 * @throws ColumnError naming the column
 */
export function fieldsOf(schema: FlatTable): Fields {
  if (schema.int16(0) !== 0) throw new MalformedError('numbers are big-endian, which is not read');
  const types = new Map<string, ColumnType>(COLUMNS);
  const places = new Map<string, Place>();
  const dictionaries = new Map<number, { large: boolean }>();
  const walk = { nodes: 0, buffers: 0, fields: 0, unknown: null as string | null };
  for (const field of schema.tables(1)) {
    const name = field.text(0) ?? '';
    const type = types.get(name);
    if (type !== undefined) {
      if (places.has(name)) throw new ColumnError(`has the column ${name} twice`);
      if (walk.unknown !== null) {
        throw new ColumnError(
          `has the column ${walk.unknown}, whose type cannot be passed over: drop it, or put it last`,
        );
      }
      const dictionary = dictionaryOf(field, name, type, dictionaries);
      places.set(name, { type, node: walk.nodes, buffer: walk.buffers, dictionary });
    }
    pass(field, name, walk);
  }
  for (const [name, type] of COLUMNS) {
    if (!places.has(name)) throw new ColumnError(`has no column ${name} (${nameOf(type)})`);
  }
  return { places: Object.fromEntries(places) as Record<ColumnName, Place>, dictionaries };
}

function nameOf(type: ColumnType): string {
  return type === 'labels16' || type === 'labels8' ? 'a dictionary of utf8' : type;
}

/** Checks that the field is of the type; null when that is not a dictionary. */
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

/** Counts a field's nodes and buffers, and those of its children. */
function pass(
  field: FlatTable,
  name: string,
  walk: { nodes: number; buffers: number; fields: number; unknown: string | null },
): void {
  walk.fields += 1;
  if (walk.fields > MAX_FIELDS) throw new MalformedError('more columns than are read');
  walk.nodes += 1;
  if (field.table(4) !== null) {
    walk.buffers += 2;
    return;
  }
  const buffers = BUFFERS[field.uint8(2)];
  if (buffers === undefined) walk.unknown ??= name;
  walk.buffers += buffers ?? 0;
  for (const child of field.tables(5)) pass(child, name, walk);
}

/**
 * Arrow IPC streams with anything in them, also what no library writes: tables that many places point at, dictionaries
 * in very small pieces. Format: flatbuffers.dev, "FlatBuffer Internals", and Arrow's format/Message.fbs and Schema.fbs.
 */
import { COLUMNS, type ColumnName, META, SCHEMA_VERSION } from '../../src/saved/format/columns.js';

/** A value inside a table: a number of so many bytes, or something that an offset points at. */
type Value = { readonly bytes: 1 | 2 | 4 | 8; readonly value: number } | Part | null;

/** Something that offsets point at. The same object in several places is written once. */
export type Part =
  | { readonly kind: 'table'; readonly fields: readonly Value[] }
  | { readonly kind: 'tables'; readonly parts: readonly Part[] }
  | { readonly kind: 'bytes'; readonly content: Uint8Array; readonly length: number };

export const table = (...fields: Value[]): Part => ({ kind: 'table', fields });
export const tables = (parts: readonly Part[]): Part => ({ kind: 'tables', parts });
export const text = (of: string): Part => {
  const content = Buffer.from(of);
  return { kind: 'bytes', content, length: content.length };
};
const number = (bytes: 1 | 2 | 4 | 8, value: number): Value => ({ bytes, value });

/** Pairs of 64-bit numbers, such as the places of buffers. */
function pairs(of: readonly (readonly [number, number])[]): Part {
  const content = Buffer.alloc(16 * of.length);
  of.forEach(([first, second], i) => {
    content.writeBigInt64LE(BigInt(first), 16 * i);
    content.writeBigInt64LE(BigInt(second), 16 * i + 8);
  });
  return { kind: 'bytes', content, length: of.length };
}

function isPart(value: Value): value is Part {
  return value !== null && 'kind' in value;
}

function partsIn(part: Part): readonly Part[] {
  if (part.kind === 'tables') return part.parts;
  return part.kind === 'table' ? part.fields.filter(isPart) : [];
}

function sizeOf(part: Part): number {
  if (part.kind === 'bytes') return 4 + part.content.length;
  return part.kind === 'tables'
    ? 4 + 4 * part.parts.length
    : 8 * (1 + part.fields.length) + 4 + 2 * part.fields.length;
}

/** The flatbuffer whose root is the table. */
function flatbuffer(root: Part): Buffer {
  const order: Part[] = [];
  const seen = new Set<Part>();
  const visit = (part: Part): void => {
    if (seen.has(part)) return;
    seen.add(part);
    for (const inside of new Set(partsIn(part))) visit(inside);
    order.push(part);
  };
  visit(root);
  // Offsets point forward only: whatever is pointed at comes after all that point at it.
  order.reverse();
  const places = new Map<Part, number>();
  let end = 8;
  for (const part of order) {
    // The elements of a list of numbers are at a multiple of 8.
    const at = part.kind === 'bytes' ? end + 4 : end;
    places.set(part, at);
    end = Math.ceil((at + sizeOf(part)) / 8) * 8;
  }
  const out = Buffer.alloc(end);
  const offset = (from: number, to: Part) => out.writeUInt32LE((places.get(to) as number) - from, from);
  offset(0, root);
  for (const part of order) {
    const at = places.get(part) as number;
    if (part.kind === 'bytes') {
      out.writeUInt32LE(part.length, at);
      out.set(part.content, at + 4);
    } else if (part.kind === 'tables') {
      out.writeUInt32LE(part.parts.length, at);
      part.parts.forEach((inside, i) => {
        offset(at + 4 + 4 * i, inside);
      });
    } else {
      const slots = at + 8 * (1 + part.fields.length);
      out.writeInt32LE(at - slots, at);
      out.writeUInt16LE(4 + 2 * part.fields.length, slots);
      part.fields.forEach((value, i) => {
        if (value === null) return;
        const place = at + 8 * (1 + i);
        out.writeUInt16LE(place - at, slots + 4 + 2 * i);
        if (isPart(value)) offset(place, value);
        else if (value.bytes === 8) out.writeBigInt64LE(BigInt(value.value), place);
        else out.writeIntLE(value.value, place, value.bytes);
      });
    }
  }
  return out;
}

/** A message of the stream: its head with this metadata, and its body. */
function message(kind: 1 | 2 | 3, header: Part, body = Buffer.alloc(0), meta: Part | null = null): Buffer {
  const padded = Buffer.concat([body, Buffer.alloc((8 - (body.length % 8)) % 8)]);
  const head = flatbuffer(table(number(2, 4), number(1, kind), header, number(8, padded.length), meta));
  const prefix = Buffer.alloc(8, 0xff);
  prefix.writeInt32LE(head.length, 4);
  return Buffer.concat([prefix, head, padded]);
}

function asPart(of: string | Part): Part {
  return typeof of === 'string' ? text(of) : of;
}

/** An entry of metadata. */
export const pair = (key: string | Part, value: string | Part): Part => table(asPart(key), asPart(value));

const DICTIONARIES: readonly ColumnName[] = COLUMNS.filter(([, type]) => type.startsWith('labels')).map(
  ([name]) => name,
);

/** A column of the schema. */
export function fieldPart(name: string | Part, type: string): Part {
  const isText = type.startsWith('labels');
  const code = type === 'float64' ? 3 : isText ? 5 : 2;
  const bits = type === 'uint32' ? 32 : 16;
  const detail =
    type === 'float64' ? table(number(2, 2)) : isText ? table() : table(number(4, bits), number(1, 0));
  const encoding = isText
    ? table(number(8, DICTIONARIES.indexOf(name as ColumnName)), table(number(4, 32), number(1, 1)))
    : null;
  return table(asPart(name), number(1, 1), number(1, code), detail, encoding, tables([]));
}

/** The schema of a saved run. */
export function schemaMessage(
  plan: string,
  more: { readonly meta?: readonly Part[]; readonly fields?: readonly Part[] } = {},
): Buffer {
  const meta = [
    pair(META.plan, plan),
    pair(META.startedAt, '2026-03-01T12:00:00.000000Z'),
    pair(META.schemaVersion, SCHEMA_VERSION),
    ...(more.meta ?? []),
  ];
  const fields = [...COLUMNS.map(([name, type]) => fieldPart(name, type)), ...(more.fields ?? [])];
  return message(1, table(number(2, 0), tables(fields), tables(meta)));
}

/** Texts for the dictionary of a column: instead of those that it has, or after them. */
export function dictionaryMessage(column: ColumnName, texts: readonly string[], isDelta = false): Buffer {
  const bytes = texts.map((one) => Buffer.from(one));
  const offsets = Buffer.alloc(8 * Math.ceil((texts.length + 1) / 2));
  let at = 0;
  bytes.forEach(({ length }, i) => {
    at += length;
    offsets.writeInt32LE(at, 4 * (i + 1));
  });
  const batch = table(
    number(8, texts.length),
    pairs([[texts.length, 0]]),
    pairs([
      [0, 0],
      [0, offsets.length],
      [offsets.length, at],
    ]),
  );
  const header = table(number(8, DICTIONARIES.indexOf(column)), batch, number(1, isDelta ? 1 : 0));
  return message(2, header, Buffer.concat([offsets, ...bytes]));
}

/** Rows that all have these numbers in their columns; 0 in those that are not given. */
export function rowsMessage(
  rows: number,
  values: Partial<Record<ColumnName, number>> = {},
  meta: readonly Part[] = [],
): Buffer {
  const buffers: [number, number][] = [];
  const pieces: Buffer[] = [];
  let end = 0;
  for (const [name, type] of COLUMNS) {
    const width = type === 'float64' ? 8 : type === 'uint16' ? 2 : 4;
    const piece = Buffer.alloc(8 * Math.ceil((rows * width) / 8));
    for (let row = 0; row < rows; row++) {
      const value = values[name] ?? 0;
      if (width === 8) piece.writeDoubleLE(value, row * 8);
      else piece.writeUIntLE(value, row * width, width);
    }
    buffers.push([end, 0], [end, piece.length]);
    pieces.push(piece);
    end += piece.length;
  }
  const nodes = COLUMNS.map((): [number, number] => [rows, 0]);
  return message(
    3,
    table(number(8, rows), pairs(nodes), pairs(buffers)),
    Buffer.concat(pieces),
    tables(meta),
  );
}

/** The dictionaries that rows need, each with one entry. */
export function usualDictionaries(): Buffer[] {
  const texts: Partial<Record<ColumnName, string>> = { outcome: 'ok', origin: 'backend', phase: 'measured' };
  return DICTIONARIES.map((column) => dictionaryMessage(column, [texts[column] ?? 'v1']));
}

export const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

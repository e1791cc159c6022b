/**
 * Messages of an Arrow IPC stream, one after the other: a marker (0xFFFFFFFF), the head's length, the head (a
 * flatbuffer) and the body. Format: arrow.apache.org/docs/format/Columnar.html, "Encapsulated message format",
 * and format/Message.fbs.
 */
import type { ByteSource } from '../../io/byte-source.js';
import { countAt, FlatTable, MalformedError } from './flatbuffer.js';

const MARKER = 0xffffffff;
/** A head holds the plan, and the plan whatever policies its manifests had. */
const MAX_HEAD_BYTES = 64 << 20;
/** Rows of a batch are read together: a bound on what a file can make us allocate. */
const MAX_BODY_BYTES = 256 << 20;
/** Columns and buffers of a batch, entries of metadata. */
const MAX_PARTS = 10_000;

/** MessageHeader of Message.fbs. */
const KIND = { schema: 1, dictionary: 2, batch: 3 } as const;

export interface Message {
  readonly kind: 'schema' | 'dictionary' | 'batch';
  /** Schema, DictionaryBatch or RecordBatch. */
  readonly header: FlatTable;
  readonly meta: ReadonlyMap<string, string>;
  /** Begins at a multiple of 8; valid until the next message is read. */
  readonly body: Uint8Array;
}

/** `end`: the stream says so itself; `cut`: its bytes ran out before that. */
export type Next = Message | 'end' | 'cut';

export class MessageReader {
  #head = new Uint8Array(4096);
  #body = new Uint8Array(1 << 17);

  constructor(readonly source: ByteSource) {}

  /** @throws MalformedError or RangeError for what is no message */
  async next(): Promise<Next> {
    const prefix = new DataView(new ArrayBuffer(8));
    if ((await this.source.fill(new Uint8Array(prefix.buffer))) < 8) return 'cut';
    if (prefix.getUint32(0, true) !== MARKER) throw new MalformedError('no message begins here');
    const headBytes = prefix.getInt32(4, true);
    if (headBytes === 0) return 'end';
    if (headBytes < 0) throw new MalformedError('a message of less than no bytes');
    const head = await this.#take('head', headBytes, MAX_HEAD_BYTES);
    if (head === null) return 'cut';
    const table = FlatTable.root(head);
    const kind = kindOf(table.uint8(1));
    const header = table.table(2);
    if (header === null) throw new MalformedError('a message without a header');
    const meta = metaOf(table, 4);
    const body = await this.#take('body', table.count(3), MAX_BODY_BYTES);
    return body === null ? 'cut' : { kind, header, meta, body };
  }

  /** Reads so many bytes into memory that is used again; null when there are fewer. */
  async #take(part: 'head' | 'body', bytes: number, most: number): Promise<Uint8Array | null> {
    if (!this.source.mayHave(bytes)) return null;
    if (bytes > most) {
      throw new MalformedError(
        `a message's ${part} of ${bytes} bytes is more than is read at once (${most}): write the rows in smaller batches`,
      );
    }
    let space = part === 'head' ? this.#head : this.#body;
    if (space.length < bytes) {
      space = new Uint8Array(Math.max(bytes, 2 * space.length));
      if (part === 'head') this.#head = space;
      else this.#body = space;
    }
    const taken = space.subarray(0, bytes);
    return (await this.source.fill(taken)) < bytes ? null : taken;
  }
}

function kindOf(code: number): Message['kind'] {
  if (code === KIND.schema) return 'schema';
  if (code === KIND.dictionary) return 'dictionary';
  if (code === KIND.batch) return 'batch';
  throw new MalformedError(`a message of the unknown kind ${code}`);
}

/** Pairs of key and value. */
export function metaOf(table: FlatTable, field: number): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const entry of table.tables(field)) {
    pairs.set(entry.text(0) ?? '', entry.text(1) ?? '');
    if (pairs.size > MAX_PARTS) throw new MalformedError('more metadata than is read');
  }
  return pairs;
}

/** Where the columns of a batch lie in its body. */
export interface BatchLayout {
  readonly rows: number;
  /** Length and number of nulls, by column. */
  readonly nodes: readonly { readonly length: number; readonly nulls: number }[];
  /** Validity, offsets, values, by column; what they say lies within the body. */
  readonly buffers: readonly Uint8Array[];
}

/** A RecordBatch: the message's own, or a dictionary's. */
export function layoutOf(batch: FlatTable, body: Uint8Array): BatchLayout {
  if (batch.table(3) !== null) {
    throw new MalformedError('a batch is compressed, which is not read: write it uncompressed');
  }
  const nodes = batch.list(1, 16);
  const buffers = batch.list(2, 16);
  if (nodes.length > MAX_PARTS || buffers.length > MAX_PARTS) {
    throw new MalformedError('more columns than are read');
  }
  const { view } = batch;
  return {
    rows: batch.count(0),
    nodes: Array.from({ length: nodes.length }, (_, i) => ({
      length: countAt(view, nodes.at + 16 * i),
      nulls: countAt(view, nodes.at + 16 * i + 8),
    })),
    buffers: Array.from({ length: buffers.length }, (_, i) => {
      const from = countAt(view, buffers.at + 16 * i);
      const length = countAt(view, buffers.at + 16 * i + 8);
      if (from + length > body.length) throw new MalformedError('a column reaches beyond its batch');
      return body.subarray(from, from + length);
    }),
  };
}

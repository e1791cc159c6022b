/**
 * Reads the messages of an Arrow IPC stream. Each is a marker (0xFFFFFFFF), the length of the head, the head (a
 * flatbuffer) and the body. Format: arrow.apache.org/docs/format/Columnar.html, "Encapsulated message format",
 * and format/Message.fbs.
 */
import type { ByteSource } from '../../io/byte-source.js';
import { ColumnError, MalformedError } from './errors.js';
import { countAt, FlatTable } from './flatbuffer.js';

const MARKER = 0xffffffff;
/** The head of the schema holds the plan, which has the policies of the run's manifests. */
const MAX_HEAD_BYTES = 64 << 20;
/** A batch is read as a whole. This bounds the memory that a file can make the reader allocate. */
const MAX_BODY_BYTES = 256 << 20;
/** Nodes of a batch, and its buffers: so many of each. */
const MAX_PARTS = 10_000;
/** Entries of the metadata of a message. */
const MAX_META_ENTRIES = 256;
/** Longer than any key of ours. Entries with a longer one are refused. */
const MAX_KEY_BYTES = 256;

/** MessageHeader of Message.fbs. */
const KIND = { schema: 1, dictionary: 2, batch: 3 } as const;

/** A message of the stream. */
export interface Message {
  readonly kind: 'schema' | 'dictionary' | 'batch';
  /** Schema, DictionaryBatch or RecordBatch. */
  readonly header: FlatTable;
  /** The metadata with this key; null if there is none. */
  readonly meta: (key: string) => string | null;
  /** Its offset is a multiple of 8. Valid until the next message is read. */
  readonly body: Uint8Array;
}

/** `end`: the stream has its end marker; `cut`: its bytes end before that. */
export type Next = Message | 'end' | 'cut';

/** Reads one message after another. */
export class MessageReader {
  #head = new Uint8Array(4096);
  #body = new Uint8Array(1 << 17);

  constructor(readonly source: ByteSource) {}

  /** @throws MalformedError or RangeError for bytes that are not a message */
  async next(): Promise<Next> {
    const prefix = new DataView(new ArrayBuffer(8));
    if ((await this.source.fill(new Uint8Array(prefix.buffer))) < 8) return 'cut';
    if (prefix.getUint32(0, true) !== MARKER) throw new MalformedError('no message begins here');
    const headBytes = prefix.getInt32(4, true);
    if (headBytes === 0) return 'end';
    if (headBytes < 0) throw new MalformedError('a message has a negative length');
    const head = await this.#take('head', headBytes, MAX_HEAD_BYTES);
    if (head === null) return 'cut';
    const table = FlatTable.root(head);
    const kind = kindOf(table.uint8(1));
    const header = table.table(2);
    if (header === null) throw new MalformedError('a message without a header');
    const body = await this.#take('body', table.count(3), MAX_BODY_BYTES);
    return body === null ? 'cut' : { kind, header, meta: (key) => metaOf(table, 4, key), body };
  }

  /** Reads so many bytes into a buffer that the next message uses again; null when the source has fewer. */
  async #take(part: 'head' | 'body', bytes: number, max: number): Promise<Uint8Array | null> {
    if (!this.source.mayHave(bytes)) return null;
    if (bytes > max) {
      throw new MalformedError(
        `a message's ${part} of ${bytes} bytes is more than is read at once (${max}): write the rows in smaller batches`,
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

/**
 * The value that the metadata in a field has for a key; null if there is none. No other value is decoded.
 *
 * @throws ColumnError if it has two
 */
export function metaOf(table: FlatTable, field: number, key: string): string | null {
  if (table.list(field, 4).length > MAX_META_ENTRIES) {
    throw new MalformedError(`more than ${MAX_META_ENTRIES} entries of metadata`);
  }
  let found: string | null = null;
  for (const entry of table.tables(field)) {
    if (entry.text(0, MAX_KEY_BYTES) !== key) continue;
    if (found !== null) throw new ColumnError(`has metadata ${key} twice`);
    found = entry.text(1, MAX_HEAD_BYTES) ?? '';
  }
  return found;
}

/** Where the columns of a batch are in its body. */
export interface BatchLayout {
  readonly rows: number;
  /** Length and number of nulls of each column. */
  readonly nodes: readonly { readonly length: number; readonly nulls: number }[];
  /** Validity, offsets and values of each column; all lie within the body. */
  readonly buffers: readonly Uint8Array[];
}

/**
 * The layout of a RecordBatch.
 *
 * @param batch the table of a record batch message, or of the batch inside a dictionary message
 * @throws MalformedError for a batch that is compressed or damaged
 */
export function layoutOf(batch: FlatTable, body: Uint8Array): BatchLayout {
  if (batch.table(3) !== null) {
    throw new MalformedError('a batch is compressed, which is not supported: write it uncompressed');
  }
  const nodes = batch.list(1, 16);
  const buffers = batch.list(2, 16);
  if (nodes.length > MAX_PARTS || buffers.length > MAX_PARTS) {
    throw new MalformedError(`more than ${MAX_PARTS} columns in a batch`);
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

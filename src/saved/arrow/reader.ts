/** Reads a run that `--save` wrote, a batch at a time. Everything in the file is checked before it is used. */

import { RunLabels } from '../../blocks/run-labels.js';
import type { RunEnd } from '../../blocks/run-record.js';
import { PHASE, SampleBlock } from '../../blocks/sample-block.js';
import { fromRfc3339 } from '../../blocks/wall-clock.js';
import { UserError } from '../../errors.js';
import { ByteSource } from '../../io/byte-source.js';
import type { Plan } from '../../plan/plan.js';
import { JsonLimitError } from '../../text/json.js';
import { printable } from '../../text/printable.js';
import { COLUMNS, META, SCHEMA_VERSION } from '../format/columns.js';
import { endFromJson } from '../format/end-json.js';
import { planFromJson } from '../format/plan-json.js';
import { ShapeError } from '../format/shape.js';
import type { SavedRun } from '../saved-run.js';
import { ArrowBatch } from './batch.js';
import { Dictionaries } from './dictionaries.js';
import { ColumnError, MalformedError, readableError, UnknownNameError } from './errors.js';
import { type Fields, fieldsOf } from './fields.js';
import type { FlatTable } from './flatbuffer.js';
import { layoutOf, type Message, MessageReader, metaOf } from './messages.js';

/**
 * Opens a saved run and reads its plan. Its samples are read when `blocks()` is iterated.
 *
 * @param opened the file, if it is open already; closed after the last block, or on an error
 * @throws UserError for a file that cannot be read, is not a saved run, or ends before its first samples
 */
export async function openSavedRun(file: string, opened?: ByteSource): Promise<SavedRun> {
  const source = opened ?? (await ByteSource.open(file));
  try {
    await refuseOtherFormats(source);
    const messages = new MessageReader(source);
    const message = await messages.next();
    if (message === 'cut' || message === 'end') {
      throw new UserError(`${file} ends before its first samples: there is nothing to read in it.`);
    }
    if (message.kind !== 'schema') throw new MalformedError('it does not begin with a schema');
    return new ArrowRun(file, source, messages, message.header);
  } catch (error) {
    await source.close();
    throw readableError(error, file, source.position);
  }
}

/** Names another format by its first bytes, for an error that helps. */
async function refuseOtherFormats(source: ByteSource): Promise<void> {
  const begin = await source.peek(6);
  const is = (bytes: string) => begin.toString('latin1').startsWith(bytes);
  if (is('\xff\xff\xff\xff') || (begin.length < 4 && is('\xff'.repeat(begin.length)))) return;
  const what = is('ARROW1')
    ? 'is an Arrow file with a footer (Feather), not a stream: write it with ipc.new_stream'
    : is('PAR1')
      ? 'is a Parquet file'
      : is('\x1f\x8b')
        ? 'is compressed: unpack it first'
        : is(COLUMNS[0][0])
          ? 'has the samples of a run as CSV, which --samples writes for other tools'
          : 'is not an Arrow stream';
  throw new UserError(
    `${source.file} ${what}. A run as 'weighbridge run --save FILE' writes it is expected.`,
  );
}

class ArrowRun implements SavedRun {
  readonly plan: Plan;
  readonly startedAtUs: number;
  readonly labels: RunLabels;
  readonly #fields: Fields;
  readonly #dictionaries: Dictionaries;
  #end: RunEnd | null = null;
  /** Measured rows read so far. */
  #measured = 0;

  constructor(
    readonly file: string,
    readonly source: ByteSource,
    readonly messages: MessageReader,
    schema: FlatTable,
  ) {
    const value = (key: string): string => {
      const found = metaOf(schema, 2, key);
      if (found !== null) return found;
      throw new ColumnError(`has no metadata ${key}: another tool may have removed it`);
    };
    const version = value(META.schemaVersion);
    if (version !== SCHEMA_VERSION) {
      throw new ColumnError(
        /^\d{1,9}$/.test(version) && Number(version) > Number(SCHEMA_VERSION)
          ? `was saved by a newer version of weighbridge, in format ${version}: this one reads format ${SCHEMA_VERSION}. Analyze it with the newer version`
          : `has ${META.schemaVersion} '${printable(version)}', which no version of weighbridge writes`,
      );
    }
    this.startedAtUs = fromRfc3339(value(META.startedAt));
    if (Number.isNaN(this.startedAtUs)) {
      throw new ColumnError(
        `has metadata ${META.startedAt} that is not a time such as 2026-03-01T12:00:00.000000Z`,
      );
    }
    this.plan = readJson(META.plan, () => planFromJson(value(META.plan)));
    this.labels = new RunLabels(this.plan.identify.candidates);
    this.#fields = fieldsOf(schema);
    this.#dictionaries = new Dictionaries(this.#fields, this.labels);
  }

  end(): RunEnd | null {
    return this.#end;
  }

  async *blocks(): AsyncGenerator<SampleBlock> {
    const block = new SampleBlock();
    try {
      for (;;) {
        const message = await this.messages.next();
        if (message === 'cut') break;
        if (message === 'end') {
          await this.#refuseMoreBytes();
          break;
        }
        if (message.kind === 'dictionary') this.#dictionaries.read(message);
        else if (message.kind === 'schema') throw new MalformedError('a second schema');
        else yield* this.#readBatch(message, block);
      }
    } catch (error) {
      throw readableError(error, this.file, this.source.position);
    } finally {
      await this.source.close();
    }
  }

  *#readBatch({ header, meta, body }: Message, block: SampleBlock): Generator<SampleBlock> {
    if (this.#end !== null) throw new MalformedError('samples after the end of the run');
    const batch = new ArrowBatch(layoutOf(header, body), this.#fields, (column, id) =>
      this.#dictionaries.numbers(column, id),
    );
    for (let row = 0; row < batch.rows; row += block.capacity) {
      try {
        batch.copy(row, block);
      } catch (error) {
        if (error instanceof UnknownNameError) throw this.#explainUnknownName(error);
        throw error;
      }
      for (let i = 0; i < block.length; i++) if (block.phase[i] === PHASE.measured) this.#measured += 1;
      yield block;
    }
    const end = meta(META.end);
    if (end !== null) this.#readEnd(end);
  }

  #readEnd(json: string): void {
    const end = readJson(META.end, () => endFromJson(json));
    if (end.scheduled !== this.#measured) {
      throw new ColumnError(
        `has ${this.#measured} measured requests, but its end says ${end.scheduled}: rows were removed or added`,
      );
    }
    this.#end = end;
  }

  #explainUnknownName({ column, entry }: UnknownNameError): ColumnError {
    const name = this.#dictionaries.entry(column, entry);
    return new ColumnError(
      name === undefined
        ? `has a row without ${column}`
        : `has a row with the ${column} '${name.slice(0, 80)}', which this version of weighbridge does not know`,
    );
  }

  /** Of two runs in one file, only the first would be read. */
  async #refuseMoreBytes(): Promise<void> {
    if ((await this.source.peek(1)).length === 0) return;
    throw new ColumnError('goes on after the end of its run: give each run in a file of its own');
  }
}

function readJson<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof SyntaxError)) throw error;
    const why = error instanceof SyntaxError ? jsonProblem(error) : error.message;
    throw new ColumnError(`has metadata ${key} that was changed or damaged: ${why}`);
  }
}

function jsonProblem(error: SyntaxError): string {
  return error instanceof JsonLimitError ? `it ${error.message}` : 'it is not JSON';
}

/**
 * Encodes a run as an Arrow IPC stream: the schema, a record batch per block, and a batch without rows whose metadata
 * is what the run knew at its end. Loads apache-arrow: import it only where a run is saved.
 */
import type { Data, DataType } from 'apache-arrow';
import type { RunEnd, RunHeader } from '../../blocks/run-record.js';
import type { SampleBlock } from '../../blocks/sample-block.js';
import { toRfc3339 } from '../../blocks/wall-clock.js';
import {
  COLUMNS,
  type ColumnName,
  type ColumnType,
  columnOf,
  META,
  SCHEMA_VERSION,
} from '../format/columns.js';
import { endToJson } from '../format/end-json.js';
import { planToJson } from '../format/plan-json.js';
import { arrow } from './apache-arrow.js';
import { LabelColumn } from './label-column.js';
import type { SampleEncoder } from './sample-output.js';
import { encodeValues } from './value-arrow.js';
import { type ValueColumn, valueColumns } from './value-columns.js';

/** End of a stream: the marker of a message, and the length 0. */
const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

const { AsyncByteQueue, Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } = arrow;

/** Keeps what the library writes until it is taken. */
class Written extends AsyncByteQueue {
  #chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  /** A copy of what was written since the last call. */
  take(): Uint8Array {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    return bytes;
  }
}

function typeOf(type: ColumnType, id: number): DataType {
  switch (type) {
    case 'float64':
      return new arrow.Float64();
    case 'uint32':
      return new arrow.Uint32();
    case 'uint16':
      return new arrow.Uint16();
    case 'labels16':
      return new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16(), id);
    case 'labels8':
      return new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), id);
  }
}

/** Encoder of `--save`. */
export class ArrowEncoder implements SampleEncoder {
  readonly #written = new Written();
  readonly #writer = new RecordBatchStreamWriter({ autoDestroy: false });
  readonly #fields = COLUMNS.map(
    ([name, type], id) => new Field(name, typeOf(type, id), type === 'labels16' || type === 'labels8'),
  );
  #schema = new Schema(this.#fields);
  #values: ReadonlyMap<string, ValueColumn> = new Map();
  #labels: ReadonlyMap<ColumnName, LabelColumn> = new Map();

  begin({ plan, startedAtUs, labels }: RunHeader): Uint8Array {
    this.#labels = LabelColumn.all(labels);
    const values = valueColumns(plan);
    this.#values = new Map(values.map((column) => [column.name, column]));
    this.#fields.push(
      ...values.map(
        ({ name, type }) => new Field(name, type === 'utf8' ? new arrow.Utf8() : new arrow.Uint64(), true),
      ),
    );
    this.#schema = new Schema(
      this.#fields,
      new Map<string, string>([
        [META.plan, planToJson(plan)],
        [META.startedAt, toRfc3339(startedAtUs)],
        [META.schemaVersion, SCHEMA_VERSION],
      ]),
    );
    this.#writer.reset(this.#written, this.#schema);
    return this.#written.take();
  }

  rows(block: SampleBlock): Uint8Array {
    return this.#batch(block.length, (name) => this.#column(name, block));
  }

  end(end: RunEnd): Uint8Array {
    const last = this.#batch(
      0,
      (name) => this.#labels.get(name as ColumnName)?.empty() ?? {},
      new Map([[META.end, endToJson(end)]]),
    );
    return Buffer.concat([last, END_OF_STREAM]);
  }

  #batch(
    length: number,
    column: (name: string) => object,
    meta: Map<string, string> = new Map(),
  ): Uint8Array {
    const children = this.#fields.map(({ name, type }) =>
      makeData({ type, length, nullCount: 0, ...column(name) } as never),
    ) as Data[];
    const type = new Struct(this.#fields);
    this.#writer.write(
      new RecordBatch(this.#schema, makeData({ type, length, nullCount: 0, children }), meta),
    );
    return this.#written.take();
  }

  #column(name: string, block: SampleBlock): object {
    const labels = this.#labels.get(name as ColumnName);
    if (labels !== undefined) return labels.read(block);
    const values = this.#values.get(name);
    if (values !== undefined) return encodeValues(values, block);
    return { data: columnOf(name as ColumnName, block).subarray(0, block.length) };
  }
}

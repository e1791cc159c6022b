/** A column of labels in Arrow: a dictionary of strings, an index per row, and a bit per row that has a label. */
import type { Utf8, Vector } from 'apache-arrow';
import { type LabelTables, NO_LABEL, ORIGIN, type SampleBlock } from '../../blocks/sample-block.js';
import { type ColumnName, NAMES } from '../format/columns.js';
import { arrow } from './apache-arrow.js';

/**
 * Up to so many labels, a dictionary is the whole table of the run. It is written again whenever a label is new, which
 * would be with every block if a server invents labels. With more labels, a dictionary has only those of one block, and
 * is kept while it has those of the next.
 */
const MAX_WHOLE_TABLE = 256;

/** The parts from which apache-arrow makes a column. */
export interface IndexColumn {
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array;
  readonly data: Int8Array | Int16Array;
  readonly dictionary: Vector<Utf8>;
}

interface Source {
  readonly name: 'version' | 'endpoint' | 'outcome' | 'origin' | 'address' | 'phase';
  /** Labels by their numbers in blocks; may grow. */
  readonly table: readonly string[];
  /** The number of a row without a label. */
  readonly none: number;
  /** Bits of an index. */
  readonly bits: 8 | 16;
  /** The whole table is written up to so many labels. */
  readonly whole: number;
}

/** Encodes one column of labels. */
export class LabelColumn {
  /**
   * apache-arrow writes it when it is another object than last time. It is always complete, because polars does not read
   * dictionary deltas.
   */
  #dictionary = textVector([]);
  #written = 0;
  /** Index in the dictionary by number in the table; -1 for labels that it does not have. */
  readonly #places = new Int16Array(NO_LABEL + 1).fill(-1);

  private constructor(readonly source: Source) {}

  /** The columns of labels of a run, by name. */
  static all({ versions, endpoints, addresses }: LabelTables): ReadonlyMap<ColumnName, LabelColumn> {
    const labels = { none: NO_LABEL, bits: 16, whole: MAX_WHOLE_TABLE } as const;
    const names = { none: -1, bits: 8, whole: Number.POSITIVE_INFINITY } as const;
    const sources: Source[] = [
      { ...labels, name: 'version', table: versions },
      { ...labels, name: 'endpoint', table: endpoints },
      // Always the whole table: a server cannot invent addresses.
      { ...labels, name: 'address', table: addresses, whole: Number.POSITIVE_INFINITY },
      { ...names, name: 'outcome', table: NAMES.outcome },
      { ...names, name: 'origin', table: NAMES.origin, none: ORIGIN.unknown },
      { ...names, name: 'phase', table: NAMES.phase },
    ];
    return new Map(sources.map((source) => [source.name, new LabelColumn(source)]));
  }

  /** The column of a batch without rows. */
  empty(): IndexColumn {
    return this.#index(new Uint16Array(0), 0);
  }

  /** The column of a block. */
  read(block: SampleBlock): IndexColumn {
    const numbers = block[this.source.name];
    this.#provideLabels(numbers, block.length);
    return this.#index(numbers, block.length);
  }

  #index(numbers: Uint16Array | Uint8Array, length: number): IndexColumn {
    const { none, bits } = this.source;
    const data = bits === 8 ? new Int8Array(length) : new Int16Array(length);
    const nullBitmap = new Uint8Array(Math.ceil(length / 64) * 8);
    let nullCount = 0;
    for (let row = 0; row < length; row++) {
      const number = numbers[row] as number;
      if (number === none) {
        nullCount += 1;
        continue;
      }
      data[row] = this.#places[number] as number;
      (nullBitmap[row >> 3] as number) |= 1 << (row & 7);
    }
    return { nullCount, nullBitmap, data, dictionary: this.#dictionary };
  }

  /** Writes a new dictionary if the last one lacks a label of these rows. */
  #provideLabels(numbers: Uint16Array | Uint8Array, length: number): void {
    const { table, whole, none } = this.source;
    if (table.length <= whole) {
      if (table.length !== this.#written) this.#write(Array.from(table, (_, number) => number));
      return;
    }
    const used = new Set<number>();
    for (let row = 0; row < length; row++) if (numbers[row] !== none) used.add(numbers[row] as number);
    for (const number of used) {
      if ((this.#places[number] as number) >= 0) continue;
      // In the order of the table, so that a reader gives them the numbers that they had in the run.
      this.#write([...used].sort((a, b) => a - b));
      return;
    }
  }

  #write(numbers: readonly number[]): void {
    this.#places.fill(-1);
    numbers.forEach((number, index) => {
      this.#places[number] = index;
    });
    this.#dictionary = textVector(numbers.map((number) => this.source.table[number] ?? ''));
    this.#written = numbers.length;
  }
}

function textVector(texts: readonly string[]): Vector<Utf8> {
  const bytes = texts.map((text) => Buffer.from(text));
  const valueOffsets = new Int32Array(texts.length + 1);
  bytes.forEach(({ length }, i) => {
    valueOffsets[i + 1] = (valueOffsets[i] as number) + length;
  });
  const data = Buffer.concat(bytes);
  const type = new arrow.Utf8();
  return new arrow.Vector([arrow.makeData({ type, length: texts.length, nullCount: 0, valueOffsets, data })]);
}

/** The dictionaries of a stream: the texts of each, and the numbers that stand for them in sample blocks. */
import type { RunLabels } from '../../blocks/run-labels.js';
import type { ColumnName } from '../format/columns.js';
import { numbersOf } from './dictionary-numbers.js';
import { readTexts } from './dictionary-texts.js';
import { MalformedError } from './errors.js';
import type { Fields } from './fields.js';
import { layoutOf, type Message } from './messages.js';

/** A dictionary as the stream had it last. */
interface Dictionary {
  readonly entries: readonly string[];
  /** By column: the number of each entry. Filled when a column is read for the first time. */
  readonly numbers: Map<ColumnName, Uint16Array>;
}

const NO_NUMBERS = new Uint16Array(0);

/** Dictionaries by id. A stream may replace each at any time, or add entries to it. */
export class Dictionaries {
  readonly #byId = new Map<number, Dictionary>();

  constructor(
    readonly fields: Fields,
    /** Gets the labels of the run. */
    readonly labels: RunLabels,
  ) {}

  /** @throws MalformedError or RangeError for a message that is not a dictionary */
  read({ header, body }: Message): void {
    const id = header.count(0);
    const field = this.fields.dictionaries.get(id);
    // It belongs to a column that a saved run does not have.
    if (field === undefined) return;
    const data = header.table(1);
    if (data === null) throw new MalformedError('a dictionary without entries');
    const entries = readTexts(layoutOf(data, body), field.large);
    const isDelta = header.uint8(2) === 1;
    const before = isDelta ? (this.#byId.get(id)?.entries ?? []) : [];
    this.#byId.set(id, { entries: [...before, ...entries], numbers: new Map() });
  }

  /** Numbers of the entries of a column's dictionary; none when the stream has not had it yet. */
  numbers(column: ColumnName, id: number): Uint16Array {
    const dictionary = this.#byId.get(id);
    if (dictionary === undefined) return NO_NUMBERS;
    const known = dictionary.numbers.get(column);
    if (known !== undefined) return known;
    const numbers = numbersOf(column, dictionary.entries, this.labels);
    dictionary.numbers.set(column, numbers);
    return numbers;
  }

  /** The text of an entry of a column's dictionary; undefined when there is none. */
  entry(column: ColumnName, entry: number): string | undefined {
    const { dictionary } = this.fields.places[column];
    return dictionary === null ? undefined : this.#byId.get(dictionary.id)?.entries[entry];
  }
}

/** The dictionaries of a stream: the texts of each, and the numbers that stand for them in sample blocks. */
import type { RunLabels } from '../../blocks/run-labels.js';
import type { ColumnName } from '../format/columns.js';
import { numbersOf } from './dictionary-numbers.js';
import { MAX_ENTRIES, MAX_TEXT_BYTES, readTexts, tooLarge } from './dictionary-texts.js';
import { MalformedError } from './errors.js';
import type { Fields } from './fields.js';
import { layoutOf, type Message } from './messages.js';

/** A dictionary as the stream had it last. */
class Dictionary {
  readonly entries: string[] = [];
  #characters = 0;
  readonly #numbers = new Map<ColumnName, number[]>();

  /** @throws MalformedError if there are too many */
  add(texts: readonly string[]): void {
    for (const text of texts) {
      this.entries.push(text);
      this.#characters += text.length;
    }
    if (this.entries.length > MAX_ENTRIES || this.#characters > MAX_TEXT_BYTES) throw tooLarge();
  }

  /** The number of each entry in a column. Those that were added since the last call are looked up. */
  numbers(column: ColumnName, labels: RunLabels): readonly number[] {
    const numbers = this.#numbers.get(column) ?? [];
    this.#numbers.set(column, numbers);
    if (numbers.length < this.entries.length) {
      const added = this.entries.slice(numbers.length);
      for (const number of numbersOf(column, added, labels)) numbers.push(number);
    }
    return numbers;
  }
}

/** Dictionaries by id. A stream may replace each at any time, or add entries to it (a delta). */
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
    const dictionary = (isDelta ? this.#byId.get(id) : undefined) ?? new Dictionary();
    dictionary.add(entries);
    this.#byId.set(id, dictionary);
  }

  /** Numbers of the entries of a column's dictionary; none when the stream has not had it yet. */
  numbers(column: ColumnName, id: number): readonly number[] {
    return this.#byId.get(id)?.numbers(column, this.labels) ?? [];
  }

  /** The text of an entry of a column's dictionary; undefined when there is none. */
  entry(column: ColumnName, entry: number): string | undefined {
    const { dictionary } = this.fields.places[column];
    return dictionary === null ? undefined : this.#byId.get(dictionary.id)?.entries[entry];
  }
}

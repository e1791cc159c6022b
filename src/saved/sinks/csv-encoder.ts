/** Encodes a run as CSV: a row per request, with the columns of a saved run. */
import { stringify } from 'csv-stringify/sync';
import type { RunHeader } from '../../blocks/run-record.js';
import { type LabelTables, NO_LABEL, PHASE, type SampleBlock } from '../../blocks/sample-block.js';
import { csvCell } from '../../text/csv.js';
import { COLUMNS, NAMES } from '../format/columns.js';
import type { SampleEncoder } from './sample-output.js';
import { type ValueColumn, valueColumns } from './value-columns.js';

/** Times are rounded to nanoseconds: clocks are not more precise. */
const PER_US = 1000;

/**
 * Encoder of `--samples`. Only labels may need quotes, and each is quoted once, so that a row takes 1.4 µs. The stream
 * of csv-stringify takes 6 µs per row, its synchronous function 9 µs, on the thread that also folds the samples.
 */
export class CsvEncoder implements SampleEncoder {
  #versions = new Cells([]);
  #endpoints = new Cells([]);
  #addresses = new Cells([]);
  #values: readonly ValueColumn[] = [];
  readonly #outcomes = new Cells(NAMES.outcome);
  readonly #origins = new Cells(NAMES.origin);
  readonly #phases = new Cells(NAMES.phase);

  begin({ plan, labels }: RunHeader): Uint8Array {
    const { versions, endpoints, addresses }: LabelTables = labels;
    this.#versions = new Cells(versions);
    this.#endpoints = new Cells(endpoints);
    this.#addresses = new Cells(addresses);
    this.#values = valueColumns(plan);
    return Buffer.from(
      stringify([[...COLUMNS.map(([name]) => name), ...this.#values.map(({ name }) => name)]]),
    );
  }

  rows(block: SampleBlock): Uint8Array {
    let text = '';
    for (let row = 0; row < block.length; row++) text += this.#row(block, row);
    return Buffer.from(text);
  }

  /** Columns in the order of COLUMNS, then those of values. */
  #row(block: SampleBlock, row: number): string {
    const phase = block.phase[row] as number;
    // Only their number is known.
    const isCounted = phase === PHASE.preflight || phase === PHASE.settle;
    if (isCounted) return `,,,,0,,,,,,${this.#phases.at(phase)},0,0,0,0${this.#valuesOf(block, row)}\n`;
    const origin = block.origin[row] as number;
    return (
      `${time(block.dueUs[row])},${time(block.sendUs[row])},${time(block.firstByteUs[row])},` +
      `${time(block.endUs[row])},${block.status[row]},${this.#versions.at(block.version[row])},` +
      `${this.#endpoints.at(block.endpoint[row])},${this.#outcomes.at(block.outcome[row])},` +
      `${origin === 0 ? '' : this.#origins.at(origin)},${this.#addresses.at(block.address[row])},` +
      `${this.#phases.at(phase)},${block.connection[row]},${block.worker[row]},` +
      `${block.sequence[row]},${block.bytes[row]}${this.#valuesOf(block, row)}\n`
    );
  }

  #valuesOf(block: SampleBlock, row: number): string {
    let cells = '';
    for (const { at } of this.#values) cells += `,${at(block, row) ?? ''}`;
    return cells;
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }
}

/** Microseconds; an empty cell for NaN, a time that is missing. */
function time(us: number | undefined): number | '' {
  const rounded = Math.round((us as number) * PER_US) / PER_US;
  return Number.isNaN(rounded) ? '' : rounded;
}

/** The labels of a table as CSV cells; empty for no label. */
class Cells {
  readonly #cells: string[] = [];

  constructor(readonly labels: readonly string[]) {}

  at(label: number | undefined): string {
    if (label === NO_LABEL || label === undefined) return '';
    const known = this.#cells[label];
    if (known !== undefined) return known;
    const cell = stringify([[csvCell(this.labels[label] ?? '')]]).slice(0, -1);
    this.#cells[label] = cell;
    return cell;
  }
}

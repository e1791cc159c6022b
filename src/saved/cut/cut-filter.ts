/** Removes the rows that a cut does not keep, before anything counts them. */
import { OUTCOMES } from '../../blocks/outcome.js';
import { type LabelTables, PHASE, type SampleBlock } from '../../blocks/sample-block.js';
import type { Cut } from './cut.js';
import { LabelChoice } from './label-choice.js';

/** Removes rows from blocks, in place. Only measured requests are cut; rows of other phases stay. */
export class CutFilter {
  /** Measured rows that were kept. */
  kept = 0;
  /** Measured rows seen. */
  seen = 0;
  readonly #sinceUs: number;
  readonly #untilUs: number;
  readonly #version: LabelChoice | null;
  readonly #endpoint: LabelChoice | null;
  readonly #address: LabelChoice | null;
  readonly #status: Uint8Array | null;
  readonly #outcome: Uint8Array | null;

  /**
   * @param labels the tables that the blocks' label numbers refer to; may grow while blocks come
   * @param versionOf name of the version that a label stands for
   */
  constructor(
    readonly cut: Cut,
    labels: LabelTables,
    versionOf: (label: string) => string,
  ) {
    const { sinceMs, untilMs, where } = cut;
    this.#sinceUs = sinceMs === null ? Number.NEGATIVE_INFINITY : sinceMs * 1000;
    this.#untilUs = untilMs === null ? Number.POSITIVE_INFINITY : untilMs * 1000;
    const same = (label: string) => label;
    const choice = (
      key: 'version' | 'endpoint' | 'address',
      table: readonly string[],
      nameOf: (label: string) => string,
    ) => {
      const wanted = where[key];
      return wanted === undefined ? null : new LabelChoice(key, table, wanted, nameOf);
    };
    this.#version = choice('version', labels.versions, versionOf);
    this.#endpoint = choice('endpoint', labels.endpoints, same);
    this.#address = choice('address', labels.addresses, same);
    this.#status = where.status === undefined ? null : statusTable(where.status);
    this.#outcome = where.outcome === undefined ? null : outcomeTable(where.outcome);
  }

  /**
   * Removes the rows of a block that the cut does not keep.
   *
   * @param shiftUs start of the block's run, µs on the clock of the cut
   */
  apply(block: SampleBlock, shiftUs: number): void {
    const { phase, length } = block;
    let to = 0;
    for (let row = 0; row < length; row += 1) {
      if (phase[row] === PHASE.measured) {
        this.seen += 1;
        if (!this.#wants(block, row, shiftUs)) continue;
        this.kept += 1;
      }
      if (to !== row) block.copyRow(row, to);
      to += 1;
    }
    block.length = to;
  }

  /**
   * To be called after the last block.
   *
   * @throws UserError for a label in `where` that no request has
   */
  finish(): void {
    for (const choice of [this.#version, this.#endpoint, this.#address]) choice?.check();
  }

  #wants(block: SampleBlock, row: number, shiftUs: number): boolean {
    const due = (block.dueUs[row] as number) + shiftUs;
    if (due < this.#sinceUs || due >= this.#untilUs) return false;
    if (this.#version?.has(block.version[row] as number) === false) return false;
    if (this.#endpoint?.has(block.endpoint[row] as number) === false) return false;
    if (this.#address?.has(block.address[row] as number) === false) return false;
    if (this.#status !== null && this.#status[block.status[row] as number] !== 1) return false;
    return this.#outcome === null || this.#outcome[block.outcome[row] as number] === 1;
  }
}

/** By status: 1 for those that are wanted. */
function statusTable(wanted: readonly string[]): Uint8Array {
  return Uint8Array.from({ length: 1000 }, (_, status) =>
    wanted.some((one) =>
      one.endsWith('xx') ? Math.floor(status / 100) === Number(one[0]) : Number(one) === status,
    )
      ? 1
      : 0,
  );
}

/** By outcome code: 1 for those that are wanted. */
function outcomeTable(wanted: readonly string[]): Uint8Array {
  return Uint8Array.from(OUTCOMES, ({ name }) => (wanted.includes(name) ? 1 : 0));
}

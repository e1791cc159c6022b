/**
 * Parts of a run: `--since`, `--until` and `--where`. Rows that are not wanted are taken out of a block where it
 * stands, before anything counts them.
 */

import { OUTCOMES } from '../../blocks/outcome.js';
import { type LabelTables, NO_LABEL, PHASE, type SampleBlock } from '../../blocks/sample-block.js';
import { UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';

/** What a row can be chosen by. */
const KEYS = ['version', 'endpoint', 'address', 'status', 'outcome'] as const;
type Key = (typeof KEYS)[number];

/** Keys whose value is not known before the answer came: who answers fast or well is preferred by them. */
const BY_ANSWER: readonly Key[] = ['version', 'endpoint', 'status', 'outcome'];

/** Which measured requests count. Of several values of a key one has to fit, of several keys all of them. */
export interface Cut {
  /**
   * From when, on the run clock, ms; by the due time: a cut by the end of requests would take more of those
   * that a fast version answers. Null for the beginning.
   */
  readonly sinceMs: number | null;
  /** Until when, this moment not included; null for the end. */
  readonly untilMs: number | null;
  /** A version by its name or label; `(none)` for none. A status as three digits, or `5xx`. */
  readonly where: Readonly<Partial<Record<Key, readonly string[]>>>;
}

/**
 * Reads `--where KEY=VALUE`.
 *
 * @throws UserError naming --where, for a key, a status or an outcome that there is not
 */
export function parseWhere(texts: readonly string[]): Cut['where'] {
  const where: Partial<Record<Key, string[]>> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const [name, value] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1).trim()];
    const key = KEYS.find((one) => one === name);
    const fail = (why: string) => new UserError(`--where: '${printable(text)}' ${why}`);
    if (key === undefined || value === '') {
      throw fail(`is not KEY=VALUE with one of the keys ${KEYS.join(', ')}, e.g. version=v2.`);
    }
    if (key === 'status' && !/^\d{1,3}$|^[1-9]xx$/.test(value)) {
      throw fail('names no status: write it as status=503 or status=5xx.');
    }
    if (key === 'outcome' && !OUTCOMES.some((outcome) => outcome.name === value)) {
      throw fail(`names no outcome; these are: ${OUTCOMES.map((outcome) => outcome.name).join(', ')}.`);
    }
    where[key] = [...(where[key] ?? []), value];
  }
  return where;
}

/** Whether what is left says nothing of how the gateway splits. */
export function choosesByAnswer({ where }: Cut): boolean {
  return BY_ANSWER.some((key) => where[key] !== undefined);
}

const NO_NAME = '(none)';
const UNKNOWN = 0;
const WANTED = 1;
const UNWANTED = 2;

/** Which numbers of a label column are wanted, found out once per label. */
class LabelChoice {
  readonly #verdicts = new Uint8Array(NO_LABEL + 1);

  constructor(
    readonly key: 'version' | 'endpoint' | 'address',
    readonly labels: readonly string[],
    readonly wanted: readonly string[],
    /** Another name of the label. */
    readonly nameOf: (label: string) => string,
  ) {
    this.#verdicts[NO_LABEL] = wanted.includes(NO_NAME) ? WANTED : UNWANTED;
  }

  has(label: number): boolean {
    const known = this.#verdicts[label];
    if (known !== UNKNOWN) return known === WANTED;
    const text = this.labels[label] as string;
    const found = this.wanted.includes(text) || this.wanted.includes(this.nameOf(text));
    this.#verdicts[label] = found ? WANTED : UNWANTED;
    return found;
  }

  /** @throws UserError for a value that no label of the whole run stands for: a typing error, most likely */
  check(): void {
    const known = new Set([NO_NAME, ...this.labels, ...this.labels.map((label) => this.nameOf(label))]);
    const missing = this.wanted.find((value) => !known.has(value));
    if (missing === undefined) return;
    const shown = this.labels.slice(0, 8).map((label) => `'${printable(label, 60)}'`);
    const more = this.labels.length > 8 ? ` and ${this.labels.length - 8} more` : '';
    throw new UserError(
      `--where ${this.key}=${printable(missing)}: no request has this ${this.key}. ` +
        (shown.length === 0 ? `None tells one.` : `There are: ${shown.join(', ')}${more}.`),
    );
  }
}

/** Takes the rows out of blocks that a cut does not want. Only measured requests are cut. */
export class CutFilter {
  /** Measured rows that stayed. */
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
   * @param labels what the blocks point into; grows while they come
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
   * @param block loses the rows that are not wanted
   * @param shiftUs when its run began, on the clock that the cut is by
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

  /** @throws UserError for a label that was asked for and that no request has */
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

function statusTable(wanted: readonly string[]): Uint8Array {
  return Uint8Array.from({ length: 1000 }, (_, status) =>
    wanted.some((one) =>
      one.endsWith('xx') ? Math.floor(status / 100) === Number(one[0]) : Number(one) === status,
    )
      ? 1
      : 0,
  );
}

function outcomeTable(wanted: readonly string[]): Uint8Array {
  return Uint8Array.from(OUTCOMES, ({ name }) => (wanted.includes(name) ? 1 : 0));
}

/** What came from each address that connections went to. */
import { OUTCOMES } from '../blocks/outcome.js';
import { NO_LABEL } from '../blocks/sample-block.js';
import { compareText } from '../collections.js';
import { compareNames } from '../text/name-order.js';
import type { AddressResult } from './result.js';
import { IS_RESPONSE } from './slot-counts.js';
import { NONE, OTHER_NAME } from './version-slots.js';

/** Addresses listed; the rest are summed up in one row. */
const MAX_LISTED = 256;

/** One address's counts. */
class AddressCounts {
  /** Whole responses by version slot. */
  readonly versions: (number | undefined)[] = [];
  /** By outcome code: requests without a whole response. */
  readonly failures = new Float64Array(OUTCOMES.length);

  of(slot: number): number {
    return this.versions[slot] ?? 0;
  }

  merge(other: AddressCounts): void {
    other.versions.forEach((count, slot) => {
      this.versions[slot] = this.of(slot) + (count ?? 0);
    });
    other.failures.forEach((count, code) => {
      this.failures[code] = (this.failures[code] as number) + count;
    });
  }
}

export class AddressFold {
  readonly #counts: (AddressCounts | undefined)[] = [];

  constructor(
    /** Address labels; grows as the run goes. The table's own bound is this fold's. */
    readonly labels: readonly string[],
  ) {}

  /**
   * @param label of the address column
   * @param slot of the version, NONE without one
   * @param outcome code of outcome.ts
   */
  add(label: number, slot: number, outcome: number): void {
    if (label === NO_LABEL) return;
    let counts = this.#counts[label];
    if (counts === undefined) {
      counts = new AddressCounts();
      this.#counts[label] = counts;
    }
    if (IS_RESPONSE[outcome] === 1) counts.versions[slot] = counts.of(slot) + 1;
    else (counts.failures[outcome] as number)++;
  }

  /**
   * By name.
   *
   * @param slots of the versions, in the order in which they are listed
   * @param names of the slots
   */
  result(slots: readonly number[], names: readonly string[]): AddressResult[] {
    const row = (address: string, counts: AddressCounts) => toRow(address, counts, slots, names);
    const byLabel = new Map<string, AddressCounts>();
    this.#counts.forEach((counts, label) => {
      if (counts !== undefined) byLabel.set(this.labels[label] ?? `#${label}`, counts);
    });
    const other = byLabel.get(OTHER_NAME) ?? new AddressCounts();
    const listed = byName([...byLabel.keys()].filter((label) => label !== OTHER_NAME));
    const beyond = listed.splice(MAX_LISTED);
    for (const label of beyond) other.merge(byLabel.get(label) as AddressCounts);
    const rows = listed.map((label) => row(label, byLabel.get(label) as AddressCounts));
    return beyond.length > 0 || byLabel.has(OTHER_NAME) ? [...rows, row(OTHER_NAME, other)] : rows;
  }
}

/** Addresses in an order that does not depend on which was met first. */
export function byName(addresses: readonly string[]): string[] {
  return [...addresses].sort((a, b) => compareNames(a, b) || compareText(a, b));
}

function toRow(
  address: string,
  counts: AddressCounts,
  slots: readonly number[],
  names: readonly string[],
): AddressResult {
  const attributed = slots.filter((slot) => counts.of(slot) > 0);
  const failed = OUTCOMES.flatMap(({ name, class: kind }, code) => {
    const count = counts.failures[code] as number;
    return kind === 'failed' && count > 0 ? [[name, count] as const] : [];
  });
  return {
    address,
    requests: attributed.reduce((sum, slot) => sum + counts.of(slot), counts.of(NONE)),
    // Names come from responses: as entries, even `__proto__` is only a name.
    versions: Object.fromEntries(attributed.map((slot) => [names[slot] as string, counts.of(slot)])),
    unattributed: counts.of(NONE),
    failures: Object.fromEntries(failed),
  };
}

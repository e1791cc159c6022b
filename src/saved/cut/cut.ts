/** A cut: which measured requests of a saved run are analyzed (`--since`, `--until` and `--where`). */

import { OUTCOMES } from '../../blocks/outcome.js';
import { UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';

/** What requests can be selected by. */
const KEYS = ['version', 'endpoint', 'address', 'status', 'outcome'] as const;
type Key = (typeof KEYS)[number];

/**
 * Keys whose values come with the response. Requests that are selected by one of them are no sample of what the
 * gateway split: a fast version, or one without errors, is preferred.
 */
const RESPONSE_KEYS: readonly Key[] = ['version', 'endpoint', 'status', 'outcome'];

/** The value that selects requests without a version, endpoint or address. */
export const NO_LABEL_VALUE = '(none)';

/** Which measured requests are kept: those that match one value of every key in `where`, within the time. */
export interface Cut {
  /**
   * Requests due from this time on, ms on the run clock; null: from the beginning. The due time counts because a cut
   * by the end of requests would keep more requests of a fast version.
   */
  readonly sinceMs: number | null;
  /** Requests due before this time, ms on the run clock; null: to the end. */
  readonly untilMs: number | null;
  /**
   * Accepted values by key. A version is given by its name or label, and `(none)` selects requests without one;
   * a status is three digits, or a class such as `5xx`.
   */
  readonly where: Readonly<Partial<Record<Key, readonly string[]>>>;
}

/**
 * Reads the values of `--where KEY=VALUE`.
 *
 * @throws UserError naming --where, for a key, status or outcome that does not exist
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
      throw fail('is not a status: write it as status=503 or status=5xx.');
    }
    if (key === 'outcome' && !OUTCOMES.some((outcome) => outcome.name === value)) {
      throw fail(`is not an outcome; these exist: ${OUTCOMES.map((outcome) => outcome.name).join(', ')}.`);
    }
    where[key] = [...(where[key] ?? []), value];
  }
  return where;
}

/** Whether a cut selects by what came with the response, so that shares of the result have no meaning. */
export function selectsByResponse({ where }: Cut): boolean {
  return RESPONSE_KEYS.some((key) => where[key] !== undefined);
}

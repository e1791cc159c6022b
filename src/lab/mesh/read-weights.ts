import { UserError } from '../../errors.js';
import type { ManifestSet } from '../../plan/manifests/model.js';
import { printable } from '../../text/printable.js';

/** Gateway API's bound for a weight. */
const MAX_WEIGHT = 1_000_000;

/**
 * Checks weights that are to be changed: `{ "backend-v1": 85, "backend-v2": 15 }`.
 *
 * @param where the field or flag they came from, for messages
 * @throws UserError saying what is wrong and which names there are
 */
export function readWeights(
  given: unknown,
  set: ManifestSet,
  where: string,
): Readonly<Record<string, number>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UserError(`${where}: not an object such as {"backend-v1": 85, "backend-v2": 15}`);
  }
  const entries = Object.entries(given);
  if (entries.length === 0) throw new UserError(`${where}: no backend is named`);
  const names = new Set(
    set.routes.flatMap(({ rules }) => rules.flatMap((rule) => rule.backends.map((b) => b.name))),
  );
  const read: [string, number][] = entries.map(([name, weight]) => {
    if (!names.has(name)) {
      const known = [...names].slice(0, 30).map((each) => printable(each));
      throw new UserError(
        `${where}: no route has a backend '${printable(name)}'. These are there: ${known.join(', ') || 'none'}.`,
      );
    }
    if (typeof weight !== 'number' || !Number.isInteger(weight) || weight < 0 || weight > MAX_WEIGHT) {
      const shown = printable(JSON.stringify(weight) ?? String(weight));
      throw new UserError(
        `${where}: ${printable(name)}: ${shown} is not a weight: a whole number from 0 to 1,000,000`,
      );
    }
    return [name, weight];
  });
  return Object.fromEntries(read);
}

/** Labels without the secrets that an echo server puts in them, counted for the same version as before. */
import type { Plan } from '../plan.js';
import { hasSecrets, maskSecrets } from '../target/secrets.js';
import { type LabelMatch, makeMatcher } from './labels.js';

/** Stands for a label that would be taken for a version once its secrets are hidden. It has no word in it. */
const UNNAMED = '(…)';

/** How labels are shown. Labels that differ only in secrets become one. */
export interface LabelMask {
  version(label: string): string;
  endpoint(label: string): string;
}

/**
 * How the labels of a run are shown: null if as they are, because requests have no secrets. A label stands for the same
 * expected version as before; if that is told by the part that is hidden, the version's name takes the label's place.
 */
export function labelMask(plan: Plan): LabelMask | null {
  if (!hasSecrets(plan)) return null;
  const mask = maskSecrets(plan);
  const match = makeMatcher(plan.judge.expected ?? []);
  const mapped = new Set((plan.judge.expected ?? []).flatMap((version) => version.mapped));
  return {
    version(label) {
      const shown = mask(label);
      // A label of --map is in the report anyway.
      if (shown === label || mapped.has(label)) return label;
      const found = match(label);
      if (isSameMatch(found, match(shown))) return shown;
      return found.kind === 'match' ? found.name : UNNAMED;
    },
    endpoint: mask,
  };
}

function isSameMatch(one: LabelMatch, other: LabelMatch): boolean {
  if (one.kind === 'match') return other.kind === 'match' && one.name === other.name;
  return one.kind === 'none' && other.kind === 'none';
}

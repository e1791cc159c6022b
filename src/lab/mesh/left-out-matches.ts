/** Matches that no request to the lab meets, because of what it does not have or know. */
import { describeRule } from '../../plan/manifests/describe.js';
import type { RouteMatch } from '../../plan/manifests/model.js';
import type { RoutesByHost } from '../../plan/routes/attachment.js';
import { arrivalConditions, type Place } from '../../plan/routes/place.js';

/** Names the matches of a listener's routes that the lab leaves out, each once. */
export function noteLeftOut(
  { hosts, place }: { readonly hosts: RoutesByHost; readonly place: Place },
  notes: Set<string>,
): void {
  for (const route of new Set([...hosts.values()].flat())) {
    for (const rule of route.rules) {
      for (const match of rule.matches) {
        const why = leftOut(match, place);
        if (why.length > 0) {
          notes.add(
            `${describeRule(route, rule)}: a match on ${why.join(', ')} cannot be met here and is left out`,
          );
        }
      }
    }
  }
}

/** Claims of tokens, which the lab does not check, and labels and namespaces of pods that no manifest tells. */
function leftOut({ other, arrival }: RouteMatch, place: Place): readonly string[] {
  const unknown = arrival ? arrivalConditions(arrival, place).filter(({ met }) => met === null) : [];
  return [...other, ...unknown.map(({ words }) => words)];
}

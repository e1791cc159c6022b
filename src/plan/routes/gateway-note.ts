/** Says which kind of gateway was recognized, and what of it the expectation depends on. */
import type { GatewayFacts, Known } from '../gateways/facts.js';
import type { MatchOrder } from '../gateways/match-order.js';
import type { ManifestSet } from '../manifests/model.js';
import type { Note } from '../plan.js';
import { gatewayOfRoute } from './route-gateway.js';
import type { Selection } from './select-rule.js';

/**
 * A note with the facts that matter to this rule; none for a gateway that is not known, or if nothing depends on it.
 *
 * @param hasPolicies whether traffic policies or ejection rules apply to the rule's backends
 */
export function gatewayNotes(
  set: ManifestSet,
  { route, rule, isOpen }: Pick<Selection, 'route' | 'rule' | 'isOpen'>,
  hasPolicies: boolean,
): readonly Note[] {
  const { facts, label } = gatewayOfRoute(set, route);
  if (facts === null || route.dialect.order === 'written') return [];
  const clauses = [
    isOpen && facts.order !== null
      ? fromSource(facts.order, `tries ${describeOrder(facts.order.value)}`)
      : null,
    rule.backends.length > 1 ? rotation(facts) : null,
    hasPolicies ? counting(facts) : null,
  ].filter((clause) => clause !== null);
  if (clauses.length === 0) return [];
  const text = `${label} is ${facts.name}. ${clauses.map((clause) => `It ${clause}.`).join(' ')} docs/gateways.md has the sources.`;
  return [{ code: 'gateway-kind', text }];
}

function rotation({ draw }: GatewayFacts): string | null {
  if (draw?.value !== 'rotates') return null;
  return fromSource(draw, 'rotates among the versions of a rule instead of drawing at random');
}

function counting({ countsPer }: GatewayFacts): string | null {
  if (countsPer?.value !== 'route') return null;
  return fromSource(
    countsPer,
    'counts for circuit breakers and outlier detection over all versions of a rule, not per version',
  );
}

/** What a fact says, with its version and remark in parentheses. */
export function fromSource({ version, remark }: Known<unknown>, what: string): string {
  return `${what} (${version}${remark === undefined ? '' : `; ${remark}`})`;
}

/** In words: `exact paths, then regular expressions, then prefixes first`. */
function describeOrder([first]: MatchOrder): string {
  if (first === 'exact, prefix, regular expression')
    return 'exact paths, then prefixes, then regular expressions';
  if (first === 'exact, regular expression, prefix')
    return 'exact paths, then regular expressions, then prefixes';
  return 'matches by a sum of points for path, method, headers and query parameters';
}

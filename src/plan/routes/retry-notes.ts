/** Says what retries do to the shares of the selected rule while a version fails. */
import type { GatewayFacts } from '../gateways/facts.js';
import { describeRule } from '../manifests/describe.js';
import type { ManifestSet, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';
import { fromSource } from './gateway-note.js';
import { gatewayOfRoute } from './route-gateway.js';
import type { Selection } from './select-rule.js';

/** A note if the rule divides requests among versions and has retries, its own or those of its gateway. */
export function retryNotes(
  set: ManifestSet,
  { route, rule }: Pick<Selection, 'route' | 'rule'>,
): readonly Note[] {
  const versions = new Set(rule.backends.filter(({ weight }) => weight > 0).map(({ name }) => name));
  if (versions.size < 2 || rule.answersItself !== null) return [];
  const { facts } = gatewayOfRoute(set, route);
  const who = whoRetries(rule, facts);
  if (who === null) return [];
  return [{ code: 'retries', text: `${describeRule(route, rule)}: ${who}. ${effect(facts)}` }];
}

/** Null: nobody, or nobody whose retries change a share. */
function whoRetries({ retries }: RouteRule, facts: GatewayFacts | null): string | null {
  if (retries !== null) return retries.attempts === 0 ? null : 'failed requests are retried';
  const byDefault = facts?.retries ?? null;
  if (facts === null || byDefault === null || byDefault.value === 'none') return null;
  if (facts.retriesGo?.value === 'to the same version') return null;
  return `${facts.name} retries without being asked to (${byDefault.value})`;
}

function effect(facts: GatewayFacts | null): string {
  if (facts === null || facts.retriesGo === null) {
    return 'It is not known where this gateway sends retries. If they may go to another version, a version that fails loses share to the others, and its errors are hidden.';
  }
  const { name, retriesGo } = facts;
  return retriesGo.value === 'to the same version'
    ? `${name} ${fromSource(retriesGo, 'keeps a retry in the version that was drawn')}: a version that fails keeps its share.`
    : `${name} ${fromSource(retriesGo, 'may send a retry to another version')}: a version that fails loses share to the others, and its errors are hidden.`;
}

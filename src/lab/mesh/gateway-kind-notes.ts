/** Notes about gateways that are not Istio's: what the lab does as they do, and what it does not. */
import type { GatewayFacts } from '../../plan/gateways/facts.js';
import { istio } from '../../plan/gateways/rows/istio.js';
import type { Gateway, ManifestSet, Route } from '../../plan/manifests/model.js';
import { describeGateway, factsOf } from '../../plan/routes/route-gateway.js';

/** A note about the gateway's kind; null for Istio's, and where nothing depends on the kind. */
export function gatewayKindNote(set: ManifestSet, gateway: Gateway, routes: readonly Route[]): string | null {
  const facts = factsOf(set, gateway);
  if (facts === istio) return null;
  const known = facts?.order ?? null;
  const asIstio = 'the lab tries rules in the order of Istio';
  if (facts === null) {
    if (gateway.className === null || !hasRegularExpression(routes)) return null;
    return `${describeGateway(gateway)} is of a kind that is not known: ${asIstio}`;
  }
  const order = known === null ? `${asIstio}, as its own was not read` : 'the lab tries rules in its order';
  const others = differences(facts);
  const rest =
    others.length === 0 ? '' : `. ${facts.name} ${others.join(', ').replace(/, (?=[^,]*$)/, ' and ')}`;
  return `${describeGateway(gateway)} is ${facts.name}: ${order}, and does all else as Istio unless another line says otherwise${rest}`;
}

function differences({ draw, countsPer, retriesGo }: GatewayFacts): string[] {
  return [
    ...(draw?.value === 'rotates' ? ['rotates among versions instead of drawing at random'] : []),
    ...(countsPer?.value === 'route' ? ['counts for circuit breakers and ejections per route'] : []),
    ...(retriesGo?.value === 'to any version' ? ['may send a retry to another version'] : []),
  ];
}

function hasRegularExpression(routes: readonly Route[]): boolean {
  return routes.some(({ rules }) =>
    rules.some(({ matches }) => matches.some(({ path }) => path?.type === 'RegularExpression')),
  );
}

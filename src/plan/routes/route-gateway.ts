/** Which kind of gateway serves a route. */
import { printable } from '../../text/printable.js';
import type { GatewayFacts } from '../gateways/facts.js';
import { recognize } from '../gateways/recognize.js';
import { ISTIO_GATEWAYS } from '../manifests/dialect.js';
import type { Gateway, ManifestSet, Route } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import { gatewayParents, isParent } from './parents.js';

export interface RouteGateway {
  /** Null: the manifests do not say, or say a kind that is not in the table. */
  readonly facts: GatewayFacts | null;
  /** The gateway and its class for messages: `Gateway shop/eg of class eg`, or what the manifests lack. */
  readonly label: string;
}

/** The kind of gateway that serves a route. If its parents are of several kinds, none is known. */
export function gatewayOfRoute(set: ManifestSet, route: Route): RouteGateway {
  const gateways = gatewayParents(route).flatMap(
    (parent) => set.gateways.find((gateway) => isParent(parent, route, gateway)) ?? [],
  );
  const [gateway] = gateways;
  if (gateway === undefined) {
    const isIstio = route.dialect.gateways.group === ISTIO_GATEWAYS.group;
    const facts = isIstio ? factsOf(set, { className: null, family: route.dialect.gateways }) : null;
    return { facts, label: `the Gateway of ${resourceLabel(route.ref)}, which is not among the manifests` };
  }
  const kinds = new Set(gateways.map((one) => factsOf(set, one)));
  const label = gateways.map(describeGateway).join(' and ');
  return { facts: kinds.size === 1 ? factsOf(set, gateway) : null, label };
}

/** The facts of a Gateway's kind; null if it is not known. */
export function factsOf(
  set: Pick<ManifestSet, 'gatewayClasses'>,
  gateway: Pick<Gateway, 'className' | 'family'>,
): GatewayFacts | null {
  return recognize(gateway, set.gatewayClasses ?? []);
}

/** `Gateway shop/eg of class eg` */
export function describeGateway({ ref, className }: Gateway): string {
  const ofClass = className === null ? '' : ` of class ${printable(className)}`;
  return `${resourceLabel(ref)}${ofClass}`;
}

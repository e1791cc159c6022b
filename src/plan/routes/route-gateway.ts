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
  /** The gateway and its class for messages: `Gateway shop/eg of class eg`. */
  readonly label: string;
  /** Why `facts` are null, without a full stop; only then. */
  readonly unknown: string | null;
}

/** The manifests that say of which kind a Gateway is. */
type GatewayManifests = Pick<ManifestSet, 'gateways' | 'gatewayClasses'>;

/** The kind of gateway that serves a route. If its parents are of several kinds, none is known. */
export function gatewayOfRoute(set: GatewayManifests, route: Route): RouteGateway {
  const served = servedBy(set, route);
  const [first] = served;
  if (first === undefined) {
    const isIstio = route.dialect.gateways.group === ISTIO_GATEWAYS.group;
    const facts = isIstio ? factsOf(set, { className: null, family: route.dialect.gateways }) : null;
    const owner = resourceLabel(route.ref);
    return {
      facts,
      label: `the Gateway of ${owner}`,
      unknown:
        facts === null
          ? `The Gateway of ${owner} is not among the manifests, so its kind is not known`
          : null,
    };
  }
  const kinds = new Set(served.map(({ facts }) => facts));
  const label = [...new Set(served.map((one) => one.label))].join(' and ');
  if (kinds.size > 1) return { facts: null, label, unknown: `${label} are of different kinds` };
  return {
    facts: first.facts,
    label,
    unknown: first.facts === null ? `The kind of ${label} is not known` : null,
  };
}

/** One entry for each parent whose Gateway is among the manifests. */
export function servedBy(
  set: GatewayManifests,
  route: Route,
): readonly Pick<RouteGateway, 'facts' | 'label'>[] {
  return gatewayParents(route).flatMap((parent) => {
    const gateway = set.gateways.find((one) => isParent(parent, route, one));
    return gateway === undefined ? [] : [{ facts: factsOf(set, gateway), label: describeGateway(gateway) }];
  });
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

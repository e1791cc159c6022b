/** The gateways that the routes attach to. */
import { istio } from '../plan/gateways/rows/istio.js';
import type { GatewayFamily } from '../plan/manifests/dialect.js';
import { withListenerSets } from '../plan/manifests/listener-sets.js';
import type { Gateway } from '../plan/manifests/model.js';
import { resourceLabel } from '../plan/manifests/resource.js';
import { gatewayParents, isParent, parentLabel } from '../plan/routes/parents.js';
import { factsOf } from '../plan/routes/route-gateway.js';
import type { ParsedResource } from './parsed-source.js';

/** A gateway that a route names. The manifests may lack it. */
export interface NamedGateway {
  readonly name: string;
  readonly namespace: string;
  /** Whether the namespace is a default, because the route has none. */
  readonly namespaceAssumed: boolean;
  readonly family: GatewayFamily;
  readonly manifest: Gateway | null;
}

interface FoundGateways {
  /** Gateways for which an EnvoyFilter works, as far as the manifests say. */
  readonly istio: readonly NamedGateway[];
  /** Why the other gateways get no EnvoyFilter, or why there are no gateways, a line each. */
  readonly notes: readonly string[];
}

/** The Gateways of the manifests, with the listeners of their ListenerSets. */
export function gatewaysOf(resources: readonly ParsedResource[]): readonly Gateway[] {
  const all = <T>(of: (set: ParsedResource['set']) => readonly T[]) =>
    resources.flatMap(({ set }) => of(set));
  return withListenerSets(
    all(({ gateways }) => gateways),
    all(({ listenerSets }) => listenerSets),
    all(({ namespaces }) => namespaces),
  );
}

/** Each gateway once. */
export function gatewaysIn(resources: readonly ParsedResource[]): FoundGateways {
  const found = new Map<string, NamedGateway>();
  const notes: string[] = [];
  const gateways = gatewaysOf(resources);
  const gatewayClasses = resources.flatMap(({ set }) => set.gatewayClasses);
  for (const { raw, set } of resources) {
    const hasNamespace = raw.field.get('metadata').get('namespace').present;
    for (const route of set.routes) {
      const family = route.dialect.gateways;
      for (const parent of gatewayParents(route)) {
        const manifest = gateways.find((gateway) => isParent(parent, route, gateway)) ?? null;
        if (manifest === null && parent.listenerSet !== undefined) {
          notes.push(
            `${parentLabel(parent)} or its Gateway is not among the manifests: it gets no EnvoyFilter`,
          );
          continue;
        }
        const { name, namespace } = manifest?.ref ?? parent;
        const key = `${family.group} ${namespace}/${name}`;
        if (found.has(key)) continue;
        const namespaceAssumed = !hasNamespace && namespace === route.ref.namespace;
        found.set(key, { name, namespace, namespaceAssumed, family, manifest });
        const className = manifest?.className ?? null;
        if (manifest === null || className === null) continue;
        // A class of its own name may be Istio's: only a GatewayClass, or another well-known name, says that it is not.
        const facts = factsOf({ gatewayClasses }, manifest);
        if (facts === istio || (facts === null && className.includes('istio'))) continue;
        found.delete(key);
        notes.push(
          `${resourceLabel({ kind: 'Gateway', namespace, name })} is of class "${className}", but an EnvoyFilter works only for ` +
            `Istio's gateways: it gets none${facts === null ? " (if this class is Istio's, give its GatewayClass too)" : ''}`,
        );
      }
    }
  }
  if (found.size === 0 && notes.length === 0)
    notes.push('The routes name no gateway, so no EnvoyFilter is added.');
  return { istio: [...found.values()], notes: [...new Set(notes)] };
}

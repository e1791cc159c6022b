/** The gateways that routes attach to. */
import type { Gateway } from '../plan/manifests/model.js';
import { resourceLabel } from '../plan/manifests/resource.js';
import type { ParsedResource } from './source.js';

/** A gateway that a route names, whether or not its manifest is there. */
export interface NamedGateway {
  readonly name: string;
  readonly namespace: string;
  /** No manifest says the namespace: it is what kubectl would choose. */
  readonly namespaceAssumed: boolean;
  readonly classic: boolean;
  readonly manifest: Gateway | null;
}

interface FoundGateways {
  /** Those that take EnvoyFilters, as far as the manifests tell. */
  readonly istio: readonly NamedGateway[];
  /** Why others do not, or why there are none, a line each. */
  readonly notes: readonly string[];
}

/** Each gateway once; a VirtualService's `mesh` is the sidecars and none of them. */
export function gatewaysIn(resources: readonly ParsedResource[]): FoundGateways {
  const found = new Map<string, NamedGateway>();
  const notes: string[] = [];
  for (const { raw, set } of resources) {
    const hasNamespace = raw.field.get('metadata').get('namespace').present;
    for (const route of set.routes) {
      const classic = route.kind === 'VirtualService';
      for (const { name, namespace } of route.parents) {
        const key = `${classic} ${namespace}/${name}`;
        if ((classic && name === 'mesh') || found.has(key)) continue;
        const manifest = manifestOf(resources, classic, namespace, name);
        const namespaceAssumed = !hasNamespace && namespace === route.ref.namespace;
        found.set(key, { name, namespace, namespaceAssumed, classic, manifest: manifest?.gateway ?? null });
        const className = manifest?.className ?? null;
        if (classic || className === null || className.includes('istio')) continue;
        found.delete(key);
        notes.push(
          `${resourceLabel({ kind: 'Gateway', namespace, name })} is of class "${className}", and an EnvoyFilter is for ` +
            "Istio's gateways: it gets none (where the class is Istio's all the same, leave the Gateway out of the manifests)",
        );
      }
    }
  }
  if (found.size === 0 && notes.length === 0)
    notes.push('The routes name no gateway: there is no EnvoyFilter to make.');
  return { istio: [...found.values()], notes: [...new Set(notes)] };
}

function manifestOf(
  resources: readonly ParsedResource[],
  classic: boolean,
  namespace: string,
  name: string,
): { readonly gateway: Gateway; readonly className: string | null } | null {
  for (const { raw, set } of resources) {
    const [gateway] = set.gateways;
    if (gateway === undefined || gateway.classic !== classic) continue;
    if (gateway.ref.name !== name || gateway.ref.namespace !== namespace) continue;
    return { gateway, className: raw.field.get('spec').get('gatewayClassName').text() };
  }
  return null;
}

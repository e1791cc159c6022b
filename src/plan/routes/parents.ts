/** The gateways that a route names. */
import type { Gateway, ManifestSet, ParentRef, ResourceRef, Route } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';

/** The parents that are gateways. A VirtualService's `mesh` is not one: it means the sidecars. */
export function gatewayParents({ parents, dialect }: Route): readonly ParentRef[] {
  return parents.filter(({ name }) => name !== dialect.sidecarParent);
}

/**
 * The routes that gateways serve. Those for the proxies of the mesh only count if there are no others: routes whose only
 * parents are Services (GAMMA), and VirtualServices that name no gateway or only `mesh`.
 */
export function routesOfGateways({ routes }: Pick<ManifestSet, 'routes'>): readonly Route[] {
  const served = routes.filter(
    (route) =>
      gatewayParents(route).length > 0 || !(route.inMesh === true || route.dialect.sidecarParent !== null),
  );
  return served.length > 0 ? served : routes;
}

/** Whether the route's parent is this gateway or a ListenerSet of it; sectionName and port are not compared. */
export function isParent(
  parent: ParentRef,
  route: Route,
  { ref, family, listenerSets = [] }: Gateway,
): boolean {
  return (
    family.group === route.dialect.gateways.group &&
    (names(parent, ref) || listenerSets.some((set) => names(parent, set.ref)))
  );
}

/** Whether a parent is this Gateway or ListenerSet. */
export function names(parent: ParentRef, { kind, name, namespace }: ResourceRef): boolean {
  return parent.name === name && parent.namespace === namespace && (parent.listenerSet ?? 'Gateway') === kind;
}

/** `Gateway shop/edge` or `ListenerSet shop/team`. */
export function parentLabel({ listenerSet, namespace, name }: ParentRef): string {
  return resourceLabel({ kind: listenerSet ?? 'Gateway', namespace, name });
}

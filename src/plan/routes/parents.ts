/** The gateways that a route names. */
import type { Gateway, ParentRef, Route } from '../manifests/model.js';

/** The parents that are gateways. A VirtualService's `mesh` is not one: it means the sidecars. */
export function gatewayParents({ parents, dialect }: Route): readonly ParentRef[] {
  return parents.filter(({ name }) => name !== dialect.sidecarParent);
}

/** Whether the route's parent is this gateway; sectionName and port are not compared. */
export function isParent(parent: ParentRef, route: Route, { ref, family }: Gateway): boolean {
  return (
    parent.name === ref.name &&
    parent.namespace === ref.namespace &&
    family.group === route.dialect.gateways.group
  );
}

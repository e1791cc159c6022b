/** Says when it is not known whether a gateway sees a VirtualService. */
import { listed } from '../../text/lists.js';
import { printable } from '../../text/printable.js';
import type { ManifestSet, Route } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import { gatewayPodsOf } from './gateway-pods.js';

/** Namespaces that the line lists. */
const MAX_SHOWN = 8;

/** A line if the route is for some namespaces only, and no manifest tells in which one a gateway's pods run; else null. */
export function exportDoubt(set: ManifestSet, route: Route): string | null {
  const { exportTo = [] } = route;
  if (exportTo.length === 0 || gatewayPodsOf(set, route).every(({ placeKnown }) => placeKnown)) return null;
  const names = listed(
    exportTo.map((name) => printable(name)),
    MAX_SHOWN,
  );
  return `${resourceLabel(route.ref)} is exported only to ${names} (exportTo), and no manifest says in which namespace the gateway's pods run: it is taken as visible to them`;
}

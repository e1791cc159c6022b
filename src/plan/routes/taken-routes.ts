/** Which listeners of its gateway take a route, and if none does, why. */
import { printable } from '../../text/printable.js';
import type { Gateway, Listener, ManifestSet, ParentRef, Route } from '../manifests/model.js';
import { isChosen } from '../manifests/namespaces.js';
import { intersect } from './hostnames.js';
import { schemeOf } from './listener-scheme.js';
import { isParent, names } from './parents.js';

/** A route at a listener of a Gateway that is its parent. */
interface Attempt {
  readonly namespaces: ManifestSet['namespaces'];
  readonly route: Route;
  readonly parent: ParentRef;
  readonly gateway: Gateway;
  readonly listener: Listener;
}

/** A condition for the listener to take the route, and what is said if no listener meets it. */
interface Step {
  readonly takes: (attempt: Attempt) => boolean;
  readonly why: (attempt: Pick<Attempt, 'route' | 'parent'>) => string;
}

/** Of the parent: which listeners it means. */
const NAMED: readonly Step[] = [
  {
    takes: ({ parent, gateway, listener }) => names(parent, listener.listenerSet ?? gateway.ref),
    why: () => 'it has no listener that could be served',
  },
  {
    takes: ({ parent, listener }) => parent.sectionName === null || parent.sectionName === listener.name,
    why: ({ parent }) => `it has no listener ${printable(parent.sectionName ?? '')}`,
  },
  {
    takes: ({ parent, listener }) => parent.port === null || parent.port === listener.port,
    why: ({ parent }) => `it has no such listener with port ${parent.port}`,
  },
];

/** Of the listener. */
const TAKEN: readonly Step[] = [
  {
    takes: ({ listener }) => schemeOf(listener.protocol) !== null,
    why: () => 'it has no such listener for HTTP or HTTPS',
  },
  {
    takes: ({ listener, route }) => listener.routeKinds?.includes(route.ref.kind) !== false,
    why: ({ route }) => `its listeners take no ${route.ref.kind} (allowedRoutes.kinds)`,
  },
  {
    takes: ({ listener: { routesFrom }, route, namespaces = [] }) =>
      routesFrom === undefined || isChosen(routesFrom, route.ref.namespace, namespaces) !== false,
    why: ({ route }) =>
      `its listeners take no routes of namespace ${printable(route.ref.namespace)} (allowedRoutes.namespaces; without it, only their own)`,
  },
  {
    takes: ({ listener, route }) =>
      route.hostnames.length === 0 ||
      route.hostnames.some((host) => intersect(host, listener.hostname ?? '*') !== null),
    why: () => 'none of its listeners has a hostname in common with the route',
  },
];

/** Whether a route's parent names the listener. */
export function selects(parent: ParentRef, route: Route, gateway: Gateway, listener: Listener): boolean {
  const attempt = { namespaces: [], route, parent, gateway, listener };
  return isParent(parent, route, gateway) && NAMED.every(({ takes }) => takes(attempt));
}

/** Whether a listener takes a route, by what both say of each other; one that it takes may still have no host there. */
export function takes(
  { namespaces }: Pick<ManifestSet, 'namespaces'>,
  parent: ParentRef,
  route: Route,
  gateway: Gateway,
  listener: Listener,
): boolean {
  const attempt = { namespaces, route, parent, gateway, listener };
  return selects(parent, route, gateway, listener) && TAKEN.every((step) => step.takes(attempt));
}

/** The first condition that none of the Gateway's listeners meets, as a clause; null if one takes the route. */
export function whyNotTaken(
  { namespaces }: Pick<ManifestSet, 'namespaces'>,
  parent: ParentRef,
  route: Route,
  gateway: Gateway,
): string | null {
  let left = gateway.listeners;
  for (const step of [...NAMED, ...TAKEN]) {
    left = left.filter((listener) => step.takes({ namespaces, route, parent, gateway, listener }));
    if (left.length === 0) return step.why({ route, parent });
  }
  return null;
}

/** Whether it depends on labels of a Namespace that is not among the manifests if the Gateway takes the route. */
export function dependsOnLabels(
  set: Pick<ManifestSet, 'namespaces'>,
  parent: ParentRef,
  route: Route,
  gateway: Gateway,
): boolean {
  const taking = gateway.listeners.filter((listener) => takes(set, parent, route, gateway, listener));
  const isOpen = ({ routesFrom }: Listener) =>
    routesFrom !== undefined && isChosen(routesFrom, route.ref.namespace, set.namespaces ?? []) === null;
  return taking.length > 0 && taking.every(isOpen);
}

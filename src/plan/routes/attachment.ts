/** Which routes are served at which listener, under which host names. */
import type { Gateway, Listener, ManifestSet, ParentRef, Route } from '../manifests/model.js';
import { type GatewayPods, podsOf } from './gateway-pods.js';
import { covers, intersect } from './hostnames.js';
import { schemeOf } from './listener-scheme.js';
import { gatewayParents } from './parents.js';
import { takes, whyNotTaken } from './taken-routes.js';

/** Host name (possibly `*.x` or `*`) → routes. */
export type RoutesByHost = ReadonlyMap<string, readonly Route[]>;

/**
 * The routes of a listener: those that it takes (taken-routes.ts) and the gateway sees. A host is the narrower one of route
 * and listener.
 */
export function routesAt(
  set: ManifestSet,
  gateway: Gateway,
  listener: Listener,
  parentsOf: (route: Route) => readonly ParentRef[] = gatewayParents,
): RoutesByHost {
  const hosts = new Map<string, Route[]>();
  const [pods] = podsOf(set, gateway);
  for (const route of set.routes) {
    if (!parentsOf(route).some((parent) => takes(set, parent, route, gateway, listener))) continue;
    if (!isExportedTo(route, pods)) continue;
    addRoute(hosts, route, listener.hostname ?? '*');
  }
  if (gateway.family.isolatesListeners) leaveToNarrower(hosts, gateway, listener);
  return hosts;
}

/** Why none of a Gateway's listeners serves the route, by this parent of it, as a clause; null if one does. */
export function whyUnserved(
  set: ManifestSet,
  parent: ParentRef,
  route: Route,
  gateway: Gateway,
): string | null {
  const isServed = gateway.listeners.some(
    (listener) => routesAt({ ...set, routes: [route] }, gateway, listener, () => [parent]).size > 0,
  );
  if (isServed) return null;
  return (
    whyNotTaken(set, parent, route, gateway) ?? 'listeners with a narrower hostname have all of its hosts'
  );
}

/** Adds a route under the host names that it has in common with a listener. */
export function addRoute(hosts: Map<string, Route[]>, route: Route, listenerHost: string): void {
  for (const hostname of route.hostnames.length === 0 ? ['*'] : route.hostnames) {
    const host = intersect(hostname, listenerHost);
    if (host === null) continue;
    const others = hosts.get(host) ?? [];
    if (!others.includes(route)) hosts.set(host, [...others, route]);
  }
}

/** The routes of several listeners as one, in their order. */
export function mergeHosts(all: readonly RoutesByHost[]): RoutesByHost {
  const merged = new Map<string, readonly Route[]>();
  for (const hosts of all) {
    for (const [host, routes] of hosts) {
      merged.set(host, [...new Set([...(merged.get(host) ?? []), ...routes])]);
    }
  }
  return merged;
}

/**
 * Takes out the hosts that the narrower hostname of another listener of the port covers: they are that listener's, whether
 * or not it has a route for them ("Listener Isolation": kubernetes-sigs/gateway-api,
 * apis/v1/gateway_types.go; istio/istio, pilot/pkg/config/kube/gateway/conversion.go, `hostnameAllowedByIsolation`).
 */
function leaveToNarrower(hosts: Map<string, Route[]>, gateway: Gateway, listener: Listener): void {
  const own = listener.hostname ?? '*';
  const scheme = schemeOf(listener.protocol);
  const narrower = gateway.listeners
    .filter(({ port, protocol }) => port === listener.port && schemeOf(protocol) === scheme)
    .flatMap(({ hostname }) => hostname ?? [])
    .filter((hostname) => hostname !== own && covers(own, hostname));
  for (const host of [...hosts.keys()]) {
    if (narrower.some((hostname) => covers(hostname, host))) hosts.delete(host);
  }
}

/** Whether the pods see the route; pods of which it is not known where they run count as such that do, if any do. */
function isExportedTo({ exportTo }: Route, { namespace, placeKnown }: GatewayPods): boolean {
  if (exportTo === undefined) return true;
  return placeKnown ? exportTo.includes(namespace) : exportTo.length > 0;
}

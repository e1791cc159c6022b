/** The places of the manifests: ports of gateways, with the routes that are served there. */
import { ISTIO_ORDER } from '../gateways/match-order.js';
import type { Gateway, ManifestSet, ParentRef, Route } from '../manifests/model.js';
import { addRoute, mergeHosts, type RoutesByHost, routesAt } from './attachment.js';
import { schemeOf } from './listener-scheme.js';
import { gatewayParents, isParent } from './parents.js';
import { type Place, placeOf } from './place.js';

/** A place with the routes that are served there. */
export interface ServedPlace {
  readonly place: Place;
  /** Null when it is not known. */
  readonly scheme: 'http' | 'https' | null;
  /** By server name: over TLS it decides which listener's routes are asked; otherwise there is only `*`. */
  readonly tables: ReadonlyMap<string, RoutesByHost>;
  /** False: the gateway is among the manifests, and none of its listeners takes these routes. */
  readonly isTaken: boolean;
}

const NOTHING_KNOWN = {
  labels: {},
  labelsKnown: false,
  namespace: '',
  placeKnown: false,
  port: null,
  order: ISTIO_ORDER,
} as const;

/** All places; each route is at one at least, unless its gateways are among the manifests and leave it out. */
export function servedPlaces(set: ManifestSet): readonly ServedPlace[] {
  const known = set.gateways.flatMap((gateway) => placesOf(set, gateway));
  const others = set.routes.filter((route) => !known.some((place) => serves(place, route)));
  const isKnown = (route: Route) =>
    set.gateways.some((gateway) => gatewayParents(route).some((parent) => isParent(parent, route, gateway)));
  return [
    ...known,
    ...placesNamedBy(
      others.filter((route) => !isKnown(route)),
      true,
    ),
    ...placesNamedBy(
      others.filter((route) => isKnown(route) && route.dialect.gateways.judgesUnserved),
      false,
    ),
  ];
}

/** The hosts for which a place serves a route. */
export function hostsAt({ tables }: ServedPlace, route: Route): readonly string[] {
  return [...tables.values()].flatMap((hosts) =>
    [...hosts].filter(([, routes]) => routes.includes(route)).map(([host]) => host),
  );
}

/** Whether a place serves a route for some host. */
export function serves(place: ServedPlace, route: Route): boolean {
  return hostsAt(place, route).length > 0;
}

/** The ports of a gateway; listeners of one scheme share a port. */
function placesOf(set: ManifestSet, gateway: Gateway): readonly ServedPlace[] {
  const places = new Map<string, { readonly port: number; readonly tables: Map<string, RoutesByHost> }>();
  for (const listener of gateway.listeners) {
    const scheme = schemeOf(listener.protocol);
    if (scheme === null) continue;
    const { port, hostname } = listener;
    const { tables } = places.get(`${scheme} ${port}`) ?? { tables: new Map<string, RoutesByHost>() };
    const serverName = scheme === 'https' ? (hostname ?? '*') : '*';
    const others = tables.get(serverName) ?? new Map<string, Route[]>();
    tables.set(serverName, mergeHosts([others, routesAt(set, gateway, listener)]));
    places.set(`${scheme} ${port}`, { port, tables });
  }
  return [...places].map(([key, { port, tables }]) => ({
    place: placeOf(set, gateway, port),
    scheme: key.startsWith('https') ? 'https' : 'http',
    tables,
    isTaken: true,
  }));
}

/**
 * The places that routes name as their parents, each with the routes that may be there: sections and ports that are named
 * are places of their own, and routes that name none are at all of them. Routes without parents are at one place.
 */
function placesNamedBy(routes: readonly Route[], isTaken: boolean): readonly ServedPlace[] {
  const named = routes.flatMap((route): Named[] => {
    const parents = gatewayParents(route);
    return parents.length === 0 ? [{ route, parent: null }] : parents.map((parent) => ({ route, parent }));
  });
  const places: ServedPlace[] = [];
  const done: Named[] = [];
  for (const one of named) {
    const isWider = named.some((other) => mayBeAt(one, other) && exactness(other) > exactness(one));
    const isDone = done.some((other) => mayBeAt(one, other) && exactness(other) === exactness(one));
    if (isWider || isDone) continue;
    done.push(one);
    const hosts = new Map<string, Route[]>();
    for (const other of named) {
      if (mayBeAt(other, one)) addRoute(hosts, other.route, '*');
    }
    places.push({ place: placeNamed(one), scheme: null, tables: new Map([['*', hosts]]), isTaken });
  }
  return places;
}

/** A route and one of its parents; null for a route without any. */
interface Named {
  readonly route: Route;
  readonly parent: ParentRef | null;
}

function placeNamed({ parent, route: { dialect } }: Named): Place {
  if (parent === null) return { ...NOTHING_KNOWN, gateway: dialect.sidecarParent ?? '' };
  return { ...NOTHING_KNOWN, gateway: `${parent.namespace}/${parent.name}`, port: parent.port };
}

/** Whether two parents may mean the same place: of one gateway, without another section or port. */
function mayBeAt({ route: a, parent: one }: Named, { route: b, parent: other }: Named): boolean {
  if (a.dialect.gateways !== b.dialect.gateways) return false;
  if (one === null || other === null) return one === other;
  const same = <T>(x: T | null, y: T | null) => x === null || y === null || x === y;
  return (
    one.listenerSet === other.listenerSet &&
    one.name === other.name &&
    one.namespace === other.namespace &&
    same(one.sectionName, other.sectionName) &&
    same(one.port, other.port)
  );
}

/** How many of section and port a parent names. */
function exactness({ parent }: Named): number {
  return Number(parent?.sectionName != null) + Number(parent?.port != null);
}

/** At which ports of which gateways a run may find the VirtualServices of its manifests. */
import { ISTIO_ORDER } from '../gateways/match-order.js';
import type { Gateway, ManifestSet, Route } from '../manifests/model.js';
import { addRoute, mergeHosts, type RoutesByHost, routesAt } from './attachment.js';
import { bareHost, mostSpecific } from './hostnames.js';
import { gatewayParents, isParent, routesOfGateways } from './parents.js';
import { type Place, placeOf } from './place.js';

/** Where the URL leads; null when it comes from the manifests. */
export type Connect = { readonly scheme: 'http' | 'https'; readonly port: number } | null;

/** A port of a gateway, with the VirtualServices that are served there. */
interface Served {
  readonly place: Place;
  /** Null when it is not known. */
  readonly scheme: 'http' | 'https' | null;
  readonly hosts: RoutesByHost;
}

const NOTHING_KNOWN = {
  labels: {},
  labelsKnown: false,
  namespace: '',
  placeKnown: false,
  port: null,
  order: ISTIO_ORDER,
} as const;

/** The VirtualServices of the manifests by the places where they are served. */
export class ServedRoutes {
  readonly #all: readonly Served[];
  readonly #connect: Connect;

  constructor(set: ManifestSet, connect: Connect) {
    this.#connect = connect;
    const routes = routesOfGateways(set).filter(({ dialect }) => dialect.order === 'written');
    const named = [...knownPlaces({ ...set, routes }), ...missingPlaces(set, routes)];
    this.#all = named.length > 0 ? named : sidecars(routes);
  }

  /** Whether a gateway serves the route. Without any gateway in the manifests, sidecars do. */
  has(route: Route): boolean {
    return this.#all.some(({ hosts }) => [...hosts.values()].some((routes) => routes.includes(route)));
  }

  /** The hosts for which a route is served, those of the first place first. */
  hostsOf(route: Route): readonly string[] {
    const hosts = this.#all.flatMap(({ hosts }) =>
      [...hosts].filter(([, routes]) => routes.includes(route)).map(([host]) => host),
    );
    return [...new Set(hosts)];
  }

  /**
   * The places for a Host that the URL may lead to: those of its scheme and of its port, as far as there are any. Each has the
   * routes of the most specific host there.
   */
  at(host: string | null): readonly { readonly place: Place; readonly routes: readonly Route[] }[] {
    const found = this.#all.flatMap((served) => {
      const name = mostSpecific(served.hosts.keys(), host === null ? '*' : bareHost(host));
      return name === null ? [] : [{ ...served, routes: served.hosts.get(name) as readonly Route[] }];
    });
    const connect = this.#connect;
    if (connect === null) return found;
    const ofScheme = ifAny(found, ({ scheme }) => scheme === null || scheme === connect.scheme);
    return ifAny(ofScheme, ({ place }) => place.port === connect.port).map((one) => withPort(one, connect));
  }
}

/** Those that pass the test, or all when none does. */
function ifAny<T>(all: readonly T[], test: (one: T) => boolean): readonly T[] {
  const some = all.filter(test);
  return some.length > 0 ? some : all;
}

/** A port that no Gateway tells is the URL's if a rule asks for that one: through a forwarded port it may be another. */
function withPort<T extends { readonly place: Place; readonly routes: readonly Route[] }>(
  served: T,
  { port }: NonNullable<Connect>,
): T {
  const isNamed = served.routes.some(({ rules }) =>
    rules.some(({ matches }) => matches.some(({ arrival }) => arrival?.port === port)),
  );
  return served.place.port === null && isNamed ? { ...served, place: { ...served.place, port } } : served;
}

/** The ports of the Gateways among the manifests: listeners of one scheme share a port. */
function knownPlaces(set: ManifestSet): Served[] {
  const served: Served[] = [];
  for (const gateway of set.gateways) {
    const listeners = gateway.listeners.map((listener) => ({
      port: listener.port,
      scheme: listener.protocol.toUpperCase() === 'HTTPS' ? ('https' as const) : ('http' as const),
      hosts: routesAt(set, gateway, listener),
    }));
    for (const { port, scheme } of listeners) {
      const place = placeOf(set, gateway, port);
      const known = served.some(
        (one) => one.place.gateway === place.gateway && one.place.port === port && one.scheme === scheme,
      );
      const sharing = listeners.filter((one) => one.port === port && one.scheme === scheme);
      const hosts = mergeHosts(sharing.map((one) => one.hosts));
      if (!known && hosts.size > 0) served.push({ place, scheme, hosts });
    }
  }
  return served;
}

/** Gateways that only routes name: of those routes none of whose gateways is among the manifests. */
function missingPlaces(set: ManifestSet, routes: readonly Route[]): Served[] {
  const isKnown = (gateway: Gateway, route: Route) =>
    gatewayParents(route).some((parent) => isParent(parent, route, gateway));
  const places = new Map<string, Map<string, Route[]>>();
  for (const route of routes) {
    if (set.gateways.some((gateway) => isKnown(gateway, route))) continue;
    for (const { namespace, name } of gatewayParents(route)) {
      const hosts = places.get(`${namespace}/${name}`) ?? new Map<string, Route[]>();
      addRoute(hosts, route, '*');
      places.set(`${namespace}/${name}`, hosts);
    }
  }
  return [...places].map(([gateway, hosts]) => ({
    place: { ...NOTHING_KNOWN, gateway },
    scheme: null,
    hosts,
  }));
}

/** VirtualServices that name no gateway are for the proxies of the mesh. */
function sidecars(routes: readonly Route[]): Served[] {
  const hosts = new Map<string, Route[]>();
  for (const route of routes) {
    if (gatewayParents(route).length === 0) addRoute(hosts, route, '*');
  }
  const name = routes[0]?.dialect.sidecarParent ?? '';
  return hosts.size === 0 ? [] : [{ place: { ...NOTHING_KNOWN, gateway: name }, scheme: null, hosts }];
}

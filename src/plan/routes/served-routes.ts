/** At which ports of which gateways a run may find the routes of its manifests, and under which hosts. */
import type { ManifestSet, Route } from '../manifests/model.js';
import { bareHost, mostSpecific } from './hostnames.js';
import { routesOfGateways } from './parents.js';
import type { Place } from './place.js';
import { hostsAt, type ServedPlace, servedPlaces, serves } from './served-places.js';

/** Where the URL leads; null when it comes from the manifests. */
export type Connect = { readonly scheme: 'http' | 'https'; readonly port: number } | null;

/** The routes that take requests for a Host at a place. */
interface RoutesAt {
  readonly place: Place;
  /** The most specific host of the place that covers the Host. */
  readonly name: string;
  readonly routes: readonly Route[];
}

/** The routes of the manifests by the places where they are served. */
export class ServedRoutes {
  readonly #all: readonly ServedPlace[];
  readonly #connect: Connect;

  constructor(set: ManifestSet, connect: Connect) {
    this.#all = servedPlaces({ ...set, routes: routesOfGateways(set) });
    this.#connect = connect;
  }

  /** Whether a gateway serves the route, or may do so. */
  has(route: Route): boolean {
    return this.#all.some((place) => serves(place, route));
  }

  /** The hosts for which a route is served where the URL leads, else anywhere; those of the first place first. */
  hostsOf(route: Route): readonly string[] {
    const serving = this.#all.filter((place) => serves(place, route));
    return [...new Set(this.#reached(serving).flatMap((place) => hostsAt(place, route)))];
  }

  /** All hosts for which there are routes. */
  hosts(): readonly string[] {
    return [
      ...new Set(
        this.#all.flatMap(({ tables }) => [...tables.values()].flatMap((hosts) => [...hosts.keys()])),
      ),
    ];
  }

  /**
   * The places for a Host that the URL may lead to: those of its scheme and of its port, as far as there are any. Each has the
   * routes of the most specific host there. Routes that no listener takes count only where there are no others.
   */
  at(host: string | null): readonly RoutesAt[] {
    const found = this.#all.flatMap((served) => {
      const table = byHost(served.tables, host);
      const name = table === null ? null : byHost(table[1], host);
      return name === null ? [] : [{ ...served, name: name[0], routes: name[1] }];
    });
    const connect = this.#connect;
    const reached = this.#reached(ifAny(found, ({ isTaken }) => isTaken));
    return connect === null ? reached : reached.map((one) => withPort(one, connect));
  }

  /** The places that the URL may lead to. */
  #reached<T extends Pick<ServedPlace, 'place' | 'scheme'>>(places: readonly T[]): readonly T[] {
    const connect = this.#connect;
    if (connect === null) return places;
    const ofScheme = ifAny(places, ({ scheme }) => scheme === null || scheme === connect.scheme);
    return ifAny(ofScheme, ({ place }) => place.port === connect.port);
  }
}

/** The entry of the most specific host that covers `host`; null: any host. */
function byHost<T>(map: ReadonlyMap<string, T>, host: string | null): readonly [host: string, T] | null {
  const name = mostSpecific(map.keys(), host === null ? '*' : bareHost(host));
  return name === null ? null : [name, map.get(name) as T];
}

/** Those that pass the test, or all when none does. */
export function ifAny<T>(all: readonly T[], test: (one: T) => boolean): readonly T[] {
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

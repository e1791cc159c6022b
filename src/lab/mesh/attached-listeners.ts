/** Which routes are served at which listener, under which host names. */
import { ISTIO_ORDER, type MatchOrder } from '../../plan/gateways/match-order.js';
import type { Gateway, Listener, ManifestSet, ParentRef, Route } from '../../plan/manifests/model.js';
import { resourceLabel } from '../../plan/manifests/resource.js';
import { gatewayParents, isParent, routesOfGateways } from '../../plan/routes/parents.js';
import { factsOf } from '../../plan/routes/route-gateway.js';
import { endpointHeaderCheck } from './endpoint-headers.js';
import { gatewayKindNote } from './gateway-kind-notes.js';

/** One listener of a gateway with what is attached to it. */
export interface AttachedListener {
  readonly gateway: Gateway;
  readonly listener: Listener;
  /** Host name (possibly `*.x` or `*`) → routes. */
  readonly hosts: ReadonlyMap<string, readonly Route[]>;
  /** In which order the gateway tries the matches of routes. */
  readonly order: MatchOrder;
  /** Responses get the answering pod's address as x-weighbridge-endpoint. */
  readonly addsEndpoint: boolean;
}

/**
 * Attaches routes to listeners by parentRef (name, sectionName, port) and by host name, as the Gateway API
 * says. A route whose Gateway is not among the manifests gets a plain HTTP listener, and a note.
 */
export function attachRoutes(all: ManifestSet, notes: Set<string>): readonly AttachedListener[] {
  const set = { ...all, routes: routesOfGateways(all) };
  for (const { ref } of all.routes.filter((route) => !set.routes.includes(route))) {
    notes.add(`${resourceLabel(ref)} has only Services as parents, so it is for the mesh: left out`);
  }
  const gateways = [...set.gateways, ...missingGateways(set, notes)];
  const addsEndpoint = endpointHeaderCheck(set, gateways, notes);
  const attached = gateways.flatMap((gateway) =>
    gateway.listeners.map((listener) => ({
      gateway,
      listener,
      hosts: hostsOf(set.routes, gateway, listener),
      order: factsOf(set, gateway)?.order?.value ?? ISTIO_ORDER,
      addsEndpoint: addsEndpoint(gateway),
    })),
  );
  for (const gateway of set.gateways) {
    const served = set.routes.filter((route) =>
      route.parents.some((parent) => isParent(parent, route, gateway)),
    );
    const note = gatewayKindNote(set, gateway, served);
    if (note !== null) notes.add(note);
  }
  for (const route of set.routes) {
    if (!attached.some(({ hosts }) => [...hosts.values()].some((routes) => routes.includes(route)))) {
      notes.add(
        `${resourceLabel(route.ref)} is served nowhere: no listener of its Gateway has its sectionName, port and host name`,
      );
    }
  }
  return attached;
}

function hostsOf(
  routes: readonly Route[],
  gateway: Gateway,
  listener: Listener,
): ReadonlyMap<string, readonly Route[]> {
  const hosts = new Map<string, Route[]>();
  for (const route of routes) {
    if (!parentsOf(route).some((parent) => selects(parent, route, gateway, listener))) {
      continue;
    }
    for (const hostname of route.hostnames.length === 0 ? ['*'] : route.hostnames) {
      const host = intersect(hostname, listener.hostname ?? '*');
      const others = host === null ? undefined : (hosts.get(host) ?? []);
      if (host !== null && others !== undefined && !others.includes(route)) {
        hosts.set(host, [...others, route]);
      }
    }
  }
  return hosts;
}

function selects(parent: ParentRef, route: Route, gateway: Gateway, listener: Listener): boolean {
  return (
    isParent(parent, route, gateway) &&
    (parent.sectionName === null || parent.sectionName === listener.name) &&
    (parent.port === null || parent.port === listener.port)
  );
}

/** The narrower of two host names, or null when no host fits both. */
function intersect(a: string, b: string): string | null {
  if (a === b || b === '*') {
    return a;
  }
  if (a === '*') {
    return b;
  }
  if (b.startsWith('*.') && a.endsWith(b.slice(1))) {
    return a;
  }
  return a.startsWith('*.') && b.endsWith(a.slice(1)) ? b : null;
}

/** A route without gateways is attached to one that the lab makes. */
function parentsOf(route: Route): readonly ParentRef[] {
  const parents = gatewayParents(route);
  return parents.length > 0 ? parents : [STAND_IN];
}

const STAND_IN: ParentRef = { name: 'lab', namespace: 'lab', sectionName: null, port: null };

function missingGateways(set: ManifestSet, notes: Set<string>): readonly Gateway[] {
  const made: Gateway[] = [];
  for (const route of set.routes) {
    const parents = parentsOf(route);
    const known = [...set.gateways, ...made];
    const [parent] = parents;
    if (
      parent === undefined ||
      parents.some((each) => known.some((gateway) => isParent(each, route, gateway)))
    ) {
      continue;
    }
    const label =
      parent === STAND_IN ? 'names no Gateway' : `names Gateway ${parent.namespace}/${parent.name}`;
    notes.add(
      `${resourceLabel(route.ref)} ${label}${parent === STAND_IN ? '' : ', which is not among the manifests'}: the lab serves it on a plain HTTP listener`,
    );
    made.push({
      ref: {
        kind: 'Gateway',
        apiVersion: `${route.dialect.gateways.group}/v1`,
        name: parent.name,
        namespace: parent.namespace,
        source: route.ref.source,
        createdAt: null,
      },
      family: route.dialect.gateways,
      className: null,
      listeners: [
        {
          name: parent.sectionName ?? 'http',
          hostname: null,
          port: parent.port ?? 80,
          protocol: 'HTTP',
          certificates: [],
        },
      ],
      statusAddresses: [],
      specAddresses: [],
    });
  }
  return made;
}

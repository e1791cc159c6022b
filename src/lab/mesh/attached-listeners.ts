/** The listeners of the lab's gateways, with the routes that each serves. */
import type {
  AttachedListenerSet,
  Gateway,
  Listener,
  ManifestSet,
  ParentRef,
  Route,
} from '../../plan/manifests/model.js';
import { SIDECARS } from '../../plan/manifests/readers/virtual-service-gateways.js';
import { resourceLabel } from '../../plan/manifests/resource.js';
import { type RoutesByHost, routesAt, whyUnserved } from '../../plan/routes/attachment.js';
import { exportDoubt } from '../../plan/routes/export-notes.js';
import { gatewayParents, isParent, parentLabel, routesOfGateways } from '../../plan/routes/parents.js';
import { type Place, placeOf } from '../../plan/routes/place.js';
import { endpointHeaderCheck } from './endpoint-headers.js';
import { gatewayKindNote } from './gateway-kind-notes.js';
import { noteLeftOut } from './left-out-matches.js';

/** One listener of a gateway with what is attached to it. */
export interface AttachedListener {
  readonly gateway: Gateway;
  readonly listener: Listener;
  readonly place: Place;
  readonly hosts: RoutesByHost;
  /** Responses get the answering pod's address as x-weighbridge-endpoint. */
  readonly addsEndpoint: boolean;
}

/**
 * Attaches routes to listeners, as plan/routes/attachment.ts says. A route whose Gateway is not among the manifests gets a
 * plain HTTP listener, and a note.
 */
export function attachRoutes(all: ManifestSet, notes: Set<string>): readonly AttachedListener[] {
  const set = { ...all, routes: routesOfGateways(all) };
  for (const { ref } of all.routes.filter((route) => !set.routes.includes(route))) {
    notes.add(`${resourceLabel(ref)} names no gateway, so it is for the mesh only: left out`);
  }
  for (const { listenerSets = [] } of set.gateways) noteListenerSets(listenerSets, notes);
  const gateways = [...set.gateways, ...missingGateways(set, notes)];
  const addsEndpoint = endpointHeaderCheck(set, gateways, notes);
  const attached = gateways.flatMap((gateway) =>
    gateway.listeners.map((listener): AttachedListener => {
      const place = placeOf(set, gateway, listener.port);
      const forSidecars = gateway.ref.name === STAND_IN.name && gateway.ref.namespace === STAND_IN.namespace;
      return {
        gateway,
        listener,
        place: forSidecars ? { ...place, gateway: SIDECARS } : place,
        hosts: routesAt(set, gateway, listener, parentsOf),
        addsEndpoint: addsEndpoint(gateway),
      };
    }),
  );
  for (const each of attached) noteLeftOut(each, notes);
  for (const route of set.routes) {
    const doubt = exportDoubt(set, route);
    if (doubt !== null) notes.add(doubt);
  }
  for (const gateway of set.gateways) {
    const served = set.routes.filter((route) =>
      route.parents.some((parent) => isParent(parent, route, gateway)),
    );
    const note = gatewayKindNote(set, gateway, served);
    if (note !== null) notes.add(note);
  }
  for (const route of set.routes) {
    if (!attached.some(({ hosts }) => [...hosts.values()].some((routes) => routes.includes(route)))) {
      notes.add(`${resourceLabel(route.ref)} is served nowhere: ${whyNowhere(set, route)}`);
    }
  }
  // The first port is the one that is asked for, and that is suggested.
  return attached.sort((a, b) => Number(a.hosts.size === 0) - Number(b.hosts.size === 0));
}

function whyNowhere(set: ManifestSet, route: Route): string {
  if (!route.dialect.gateways.judgesUnserved)
    return 'no HTTP or HTTPS listener of its Gateway has its port, host name and namespace';
  const reasons = gatewayParents(route).flatMap((parent) => {
    const gateway = set.gateways.find((one) => isParent(parent, route, one));
    const why = gateway === undefined ? null : whyUnserved(set, parent, route, gateway);
    return why === null ? [] : [`${parentLabel(parent)}: ${why}`];
  });
  return reasons.join('; ');
}

function noteListenerSets(sets: readonly AttachedListenerSet[], notes: Set<string>): void {
  for (const { ref, refused, conflicting } of sets) {
    if (refused !== null)
      notes.add(`${resourceLabel(ref)}: ${refused}. A gateway would not serve it; the lab does`);
    for (const name of conflicting) {
      notes.add(
        `${resourceLabel(ref)}: listener ${name} is left out, because one that comes before it takes its port and hostname`,
      );
    }
  }
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
    const label = parent === STAND_IN ? 'names no Gateway' : `names ${parentLabel(parent)}`;
    notes.add(
      `${resourceLabel(route.ref)} ${label}${parent === STAND_IN ? '' : ', which is not among the manifests'}: the lab serves it on a plain HTTP listener`,
    );
    made.push({
      ref: {
        kind: parent.listenerSet ?? 'Gateway',
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

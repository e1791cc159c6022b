/** What speaks against the gateway serving a route: the manifests, and the status of the route and its Gateways. */
import { printable } from '../../text/printable.js';
import type {
  AttachedListenerSet,
  Condition,
  Gateway,
  ManifestSet,
  ParentRef,
  ParentStatus,
  ResourceRef,
  Route,
} from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { Note } from '../plan.js';
import { whyUnserved } from './attachment.js';
import { gatewayParents, isParent, names, parentLabel } from './parents.js';
import { dependsOnLabels, selects } from './taken-routes.js';

/** Conditions that are good news if they are true. All others of these lists are bad news then. */
const GOOD = ['Accepted', 'Programmed', 'ResolvedRefs'];
const BAD = ['Conflicted', 'PartiallyInvalid'];

/** A note about each parent where the manifests of the gateway or a status, as far as there is one, have objections. */
export function statusNotes(set: ManifestSet, route: Route): readonly Note[] {
  return gatewayParents(route).flatMap((parent): Note[] => {
    const gateway = set.gateways.find((one) => isParent(parent, route, one));
    const said = [
      ...(gateway === undefined ? [] : saidOfAttachment(set, route, parent, gateway)),
      ...saidOfRoute(set, route, parent, gateway),
      ...(gateway === undefined ? [] : saidOfGateway(route, gateway, parent)),
    ];
    if (said.length === 0) return [];
    const text = `${parentLabel(parent)} may not serve ${resourceLabel(route.ref)} as it is written: ${said.join('; ')}. Shares are judged as if it did.`;
    return [{ code: 'status-not-accepted', text }];
  });
}

/** What the manifests say, unless the route's status has it that the parent accepts it. */
function saidOfAttachment(set: ManifestSet, route: Route, parent: ParentRef, gateway: Gateway): string[] {
  if (!route.dialect.gateways.judgesUnserved) return [];
  const refused = setOf(gateway, parent)?.refused ?? null;
  if (refused !== null) return [refused];
  const isAccepted = statusesOf(set, route, parent, gateway).some(({ conditions }) =>
    conditions.some(({ type, status }) => type === 'Accepted' && status === 'True'),
  );
  if (isAccepted) return [];
  const why = whyUnserved(set, parent, route, gateway);
  if (why !== null) return [why];
  return dependsOnLabels(set, parent, route, gateway)
    ? [
        `its listeners take routes of namespaces with certain labels, and Namespace ${printable(route.ref.namespace)} is not among the manifests`,
      ]
    : [];
}

function saidOfRoute(
  set: ManifestSet,
  route: Route,
  parent: ParentRef,
  gateway: Gateway | undefined,
): string[] {
  if (!route.status) return [];
  const about = statusesOf(set, route, parent, gateway);
  if (about.length === 0)
    return [`the route's status does not mention this ${parent.listenerSet ?? 'Gateway'}`];
  return about.flatMap(({ conditions }) => objections("the route's status", route.ref, conditions));
}

/** What the controller of the gateway says of the route at the parent. */
function statusesOf(
  set: ManifestSet,
  { status }: Route,
  parent: ParentRef,
  gateway: Gateway | undefined,
): readonly ParentStatus[] {
  const manifest = set.gatewayClasses?.find((one) => one.ref.name === gateway?.className);
  return (status ?? []).filter(
    ({ parent: one, controllerName }) =>
      one.listenerSet === parent.listenerSet &&
      one.name === parent.name &&
      one.namespace === parent.namespace &&
      one.sectionName === parent.sectionName &&
      one.port === parent.port &&
      (manifest === undefined || manifest.controllerName === controllerName),
  );
}

function saidOfGateway(route: Route, gateway: Gateway, parent: ParentRef): string[] {
  const set = setOf(gateway, parent);
  const ofListeners = gateway.listeners
    .filter((listener) => selects(parent, route, gateway, listener))
    .flatMap((one) =>
      objections(`the status of listener ${printable(one.name)}`, (set ?? gateway).ref, one.conditions ?? []),
    );
  const conflicting = set?.conflicting.filter((name) => [null, name].includes(parent.sectionName)) ?? [];
  return [
    ...objections("the Gateway's status", gateway.ref, gateway.conditions ?? []),
    ...(set === undefined ? [] : objections("the ListenerSet's status", set.ref, set.conditions)),
    ...conflicting.map(
      (name) => `its listener ${printable(name)} has port and hostname of one that comes before it`,
    ),
    ...ofListeners,
  ];
}

/** The ListenerSet that the parent is. */
function setOf({ listenerSets = [] }: Gateway, parent: ParentRef): AttachedListenerSet | undefined {
  return listenerSets.find(({ ref }) => parent.listenerSet !== undefined && names(parent, ref));
}

/** What a part of a status says that is bad news, as one clause; none if all is well. */
function objections(where: string, { generation }: ResourceRef, conditions: readonly Condition[]): string[] {
  const bad = conditions
    .filter(
      ({ type, status }) =>
        (GOOD.includes(type) && status !== 'True') || (BAD.includes(type) && status === 'True'),
    )
    .map(({ type, status, reason }) =>
      printable(`${type} is ${status}${reason === null ? '' : ` (${reason})`}`, 160),
    );
  const seen = conditions.flatMap(({ observedGeneration }) => observedGeneration ?? []);
  const oldest = Math.min(...seen);
  if (seen.length > 0 && generation != null && oldest < generation)
    bad.push(`it is about generation ${oldest}, and the manifest has ${generation}`);
  return bad.length === 0 ? [] : [`${where} has: ${bad.join(', ')}`];
}

/** What the status of a route and of its Gateways says against the gateway serving the route. */
import { printable } from '../../text/printable.js';
import type { Condition, Gateway, ManifestSet, ParentRef, ResourceRef, Route } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { Note } from '../plan.js';
import { gatewayParents, isParent } from './parents.js';

/** Conditions that are good news if they are true. All others of these lists are bad news then. */
const GOOD = ['Accepted', 'Programmed', 'ResolvedRefs'];
const BAD = ['Conflicted', 'PartiallyInvalid'];

/** A note about each parent where the status, as far as there is one, has objections. */
export function statusNotes(set: ManifestSet, route: Route): readonly Note[] {
  return gatewayParents(route).flatMap((parent): Note[] => {
    const gateway = set.gateways.find((one) => isParent(parent, route, one));
    const said = [
      ...saidOfRoute(set, route, parent, gateway),
      ...(gateway === undefined ? [] : saidOfGateway(gateway, parent)),
    ];
    if (said.length === 0) return [];
    const name = resourceLabel({ ...parent, kind: 'Gateway' });
    const text = `${name} may not serve ${resourceLabel(route.ref)} as it is written: ${said.join('; ')}. Shares are judged as if it did.`;
    return [{ code: 'status-not-accepted', text }];
  });
}

function saidOfRoute(
  set: ManifestSet,
  { ref, status }: Route,
  parent: ParentRef,
  gateway: Gateway | undefined,
): string[] {
  if (!status) return [];
  const manifest = set.gatewayClasses?.find((one) => one.ref.name === gateway?.className);
  const about = status.filter(
    ({ parent: one, controllerName }) =>
      one.name === parent.name &&
      one.namespace === parent.namespace &&
      one.sectionName === parent.sectionName &&
      one.port === parent.port &&
      (manifest === undefined || manifest.controllerName === controllerName),
  );
  if (about.length === 0) return ["the route's status does not mention this Gateway"];
  return about.flatMap(({ conditions }) => objections("the route's status", ref, conditions));
}

function saidOfGateway({ ref, conditions, listeners }: Gateway, parent: ParentRef): string[] {
  const ofListeners = listeners
    .filter(({ name }) => parent.sectionName === null || parent.sectionName === name)
    .filter(({ port }) => parent.port === null || parent.port === port)
    .flatMap((one) => objections(`the status of listener ${printable(one.name)}`, ref, one.conditions ?? []));
  return [...objections("the Gateway's status", ref, conditions ?? []), ...ofListeners];
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

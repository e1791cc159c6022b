/** Adds the listeners of ListenerSets to the Gateways that they name. */
import { compareText } from '../../collections.js';
import { compareAge } from './age.js';
import type { AttachedListenerSet, Gateway, Listener, ListenerSet, Namespace } from './model.js';
import { isChosen } from './namespaces.js';

/**
 * The Gateways with the listeners of their ListenerSets: first the Gateway's own, then those of the older ListenerSet, then in
 * the order of namespace and name (kubernetes-sigs/gateway-api, apis/v1/listenerset_types.go). Of listeners that are not
 * distinct the first counts. ListenerSets that the Gateway does not take come last, and only where no other listener
 * takes their hosts.
 */
export function withListenerSets(
  gateways: readonly Gateway[],
  sets: readonly ListenerSet[],
  namespaces: readonly Namespace[],
): Gateway[] {
  return gateways.map((gateway) => {
    const own = sets
      .filter((set) => belongsTo(set, gateway))
      .map((set) => ({ set, refused: refusal(gateway, set, namespaces) }))
      .sort(
        (a, b) =>
          Number(a.refused !== null) - Number(b.refused !== null) ||
          compareAge(a.set.ref, b.set.ref) ||
          compareText(nameOf(a.set), nameOf(b.set)),
      );
    if (own.length === 0) return gateway;
    const listeners = [...gateway.listeners];
    const listenerSets: AttachedListenerSet[] = [];
    for (const { set, refused } of own) {
      const before = [...listeners];
      const isOut = (one: Listener) =>
        before.some((other) => (refused === null ? !areDistinct(one, other) : takesAllOf(other, one)));
      listeners.push(...set.listeners.filter((one) => !isOut(one)));
      const conflicting = set.listeners.filter(isOut).map(({ name }) => name);
      listenerSets.push({ ref: set.ref, conditions: set.conditions, refused, conflicting });
    }
    return { ...gateway, listeners, listenerSets };
  });
}

function belongsTo({ family, gateway: { name, namespace } }: ListenerSet, gateway: Gateway): boolean {
  const { ref } = gateway;
  return family.group === gateway.family.group && name === ref.name && namespace === ref.namespace;
}

function nameOf({ ref }: ListenerSet): string {
  return `${ref.namespace}/${ref.name}`;
}

/** A status of the set decides, else what the Gateway allows. */
function refusal(
  { ref, listenerSetsFrom }: Gateway,
  set: ListenerSet,
  namespaces: readonly Namespace[],
): string | null {
  const accepted = set.conditions.find(({ type }) => type === 'Accepted')?.status;
  if (accepted === 'True') return null;
  if (accepted === 'False') return 'its status says that it is not accepted';
  const gateway = `Gateway ${ref.namespace}/${ref.name}`;
  if (listenerSetsFrom === undefined)
    return `${gateway} takes no ListenerSets (spec.allowedListeners; without it, none are taken)`;
  return isChosen(listenerSetsFrom, set.ref.namespace, namespaces) === false
    ? `${gateway} takes no ListenerSets of namespace ${set.ref.namespace} (spec.allowedListeners)`
    : null;
}

/** Whether both can be served (apis/v1/gateway_types.go; istio/istio, gatewaycommon/listener_conflict.go). */
function areDistinct(one: Listener, other: Listener): boolean {
  if (one.port !== other.port) return true;
  return hasHostname(one) && hasHostname(other) && one.hostname !== other.hostname;
}

function hasHostname({ protocol }: Listener): boolean {
  return ['HTTP', 'HTTPS', 'TLS'].includes(protocol);
}

/** Whether all requests that `one` is for arrive at `other`. */
function takesAllOf(other: Listener, one: Listener): boolean {
  if (other.port !== one.port) return false;
  const { hostname } = other;
  if (hostname === null || hostname === one.hostname) return true;
  return hostname.startsWith('*') && one.hostname?.endsWith(hostname.slice(1)) === true;
}

/** Address, port and scheme of a route: its Gateway's address, and the listener that it is attached to. */
import { OptionError, UserError } from '../../errors.js';
import { listed } from '../../text/lists.js';
import { printable } from '../../text/printable.js';
import type { Gateway, Listener, ManifestSet, ParentRef, Route } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { Note } from '../plan.js';
import { routesAt } from './attachment.js';
import { addressOf, type GatewayAddress } from './gateway-address.js';
import { bareHost, covers, mostSpecific } from './hostnames.js';
import { schemeOf } from './listener-scheme.js';
import { isParent, parentLabel } from './parents.js';
import { ifAny } from './served-routes.js';
import { selects } from './taken-routes.js';

export interface ReachedAt {
  readonly scheme: 'http' | 'https';
  /** At least one. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** The hostname of the listener; null if it has none. */
  readonly hostname: string | null;
  readonly notes: readonly Note[];
}

/** A parent of a route whose Gateway is among the manifests. */
interface Attached {
  readonly parent: ParentRef;
  readonly gateway: Gateway;
}

interface WebListener extends Listener {
  readonly scheme: 'http' | 'https';
}

/** Addresses named in a note. */
const MAX_SHOWN = 8;
const URL_ADVICE = 'Give the URL of the gateway (weighbridge run http://ADDRESS …).';

/**
 * Finds the listener for a route. Of several parents, the first whose Gateway has an address is used. Of several
 * listeners, HTTP comes before HTTPS, then the most specific hostname.
 *
 * @param host the Host to send, or a wildcard; null for any
 * @returns an error asking for the URL if there is no Gateway, address or listener
 */
export function findListener(set: ManifestSet, route: Route, host: string | null): ReachedAt | UserError {
  const pairs = route.parents.flatMap((parent): Attached[] => {
    const gateway = gatewayOf(set, route, parent);
    return gateway === undefined ? [] : [{ parent, gateway }];
  });
  if (pairs.length === 0) return noGateway(route);
  const [found] = pairs.flatMap((pair) => {
    const address = addressOf(set, pair.gateway);
    return address === null ? [] : [{ ...pair, address }];
  });
  if (found === undefined) return noAddress(pairs.map((pair) => pair.gateway));
  const { parent, gateway, address } = found;
  const label = resourceLabel(gateway.ref);
  const [listener, ...others] = listenersFor(set, route, found, host);
  if (listener === undefined) {
    return new UserError(
      `${label} has no HTTP or HTTPS listener for ${resourceLabel(route.ref)}${asked(parent)}. ${URL_ADVICE}`,
    );
  }
  const { addresses, source } = address;
  const also = others.slice(0, 3).map((one) => `${printable(one.name)} (${one.scheme}, port ${one.port})`);
  const rest = also.length === 0 ? '' : ` Also possible: ${also.join(', ')}; give the URL for that.`;
  const text =
    `${addressesAre(addresses)} from ${label}, ${source}; ` +
    `${listener.scheme} and port ${listener.port} from its listener ${printable(listener.name)}.${rest}`;
  return {
    scheme: listener.scheme,
    addresses,
    port: listener.port,
    hostname: listener.hostname,
    notes: [{ code: 'derived-address', text }],
  };
}

/** `Address 203.0.113.7 is`, `Addresses 203.0.113.7, 203.0.113.8 are` */
function addressesAre(addresses: readonly string[]): string {
  const all = listed(
    addresses.map((address) => printable(address)),
    MAX_SHOWN,
  );
  return addresses.length === 1 ? `Address ${all} is` : `Addresses ${all} are`;
}

function gatewayOf(set: ManifestSet, route: Route, parent: ParentRef): Gateway | undefined {
  return set.gateways.find((gateway) => isParent(parent, route, gateway));
}

/** The listeners that serve the route for the host; if none does, those that its parent names. */
function listenersFor(
  set: ManifestSet,
  route: Route,
  { gateway, parent, address }: Attached & { readonly address: GatewayAddress },
  host: string | null,
): readonly WebListener[] {
  const named = gateway.listeners
    .filter((listener) => selects(parent, route, gateway, listener))
    .flatMap((listener): WebListener[] => {
      const scheme = schemeOf(listener.protocol);
      return scheme === null ? [] : [{ ...listener, scheme }];
    })
    .filter(({ hostname }) => host === null || hostname === null || overlap(hostname, bareHost(host)));
  const isServed = (listener: Listener) => {
    const hosts = routesAt(set, gateway, listener);
    const name = host === null ? null : mostSpecific(hosts.keys(), bareHost(host));
    const routes = name === null ? [...hosts.values()].flat() : (hosts.get(name) ?? []);
    return routes.includes(route);
  };
  const served = ifAny(named, isServed).flatMap((listener): WebListener[] => {
    const port = address.portOf(listener.port);
    return port === null ? [] : [{ ...listener, port }];
  });
  return [...ifAny(served, ({ redirectsToHttps }) => !redirectsToHttps)].sort(
    (a, b) => Number(a.scheme === 'https') - Number(b.scheme === 'https') || weight(b) - weight(a),
  );
}

/** Whether two hostnames, either of which may be a wildcard, have a host in common. */
function overlap(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

function weight({ hostname }: Listener): number {
  if (hostname === null) return 0;
  return hostname.startsWith('*') ? hostname.length : 1000;
}

function asked({ sectionName, port }: ParentRef): string {
  const parts = [sectionName && `sectionName ${sectionName}`, port && `port ${port}`].filter(Boolean);
  return parts.length === 0 ? '' : ` (${printable(parts.join(', '))})`;
}

function noGateway(route: Route): UserError {
  const names = route.parents.map((parent) =>
    parent.listenerSet === undefined ? printable(`${parent.namespace}/${parent.name}`) : parentLabel(parent),
  );
  const which =
    names.length === 0 ? 'It names no Gateway' : `Its Gateway (${names.join(', ')}) is not among them`;
  return new OptionError(
    (name) =>
      `The manifests do not say where ${resourceLabel(route.ref)} can be reached. ${which}: add it with ${name('manifests')} (kubectl get gateway NAME -o yaml), or give the URL (weighbridge run http://ADDRESS …).`,
  );
}

function noAddress(gateways: readonly Gateway[]): UserError {
  const [gateway] = gateways as [Gateway];
  return new UserError(
    `${resourceLabel(gateway.ref)} has no address (${gateway.family.whyNoAddress}). ${URL_ADVICE}`,
  );
}

/** Says if the listener that the URL leads to does not hand requests to the route. */
import { printable } from '../../text/printable.js';
import type { Listener, ManifestSet, Route } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { Note } from '../plan.js';
import { bareHost, covers } from './hostnames.js';
import { schemeOf } from './listener-scheme.js';
import { gatewayParents, isParent } from './parents.js';
import type { Connect } from './served-routes.js';

/**
 * A note if all listeners of the route's gateways that the URL may lead to redirect to https, or pass TLS on unread.
 *
 * @param host the Host to send; null for any
 */
export function listenerNotes(
  set: ManifestSet,
  route: Route,
  host: string | null,
  connect: Connect,
): readonly Note[] {
  if (connect === null) return [];
  const parents = gatewayParents(route);
  const found = set.gateways
    .filter((gateway) => parents.some((parent) => isParent(parent, route, gateway)))
    .flatMap((gateway) => gateway.listeners.map((listener) => ({ gateway, listener })))
    .filter(({ listener }) => takes(listener, connect.scheme, host));
  // Through a forwarded port no listener may have the URL's.
  const ofPort = found.filter(({ listener }) => listener.port === connect.port);
  const meant = ofPort.length > 0 ? ofPort : found;
  const [first] = meant;
  if (first === undefined) return [];
  const where = `${resourceLabel(first.gateway.ref)}, server ${printable(first.listener.name)} (port ${first.listener.port})`;
  if (meant.every(({ listener }) => listener.redirectsToHttps)) {
    const text = `${where} answers every request with 301, a redirect to https (tls.httpsRedirect): no backend gets any. Give an https:// URL.`;
    return [{ code: 'listener-tls', text }];
  }
  if (meant.every(({ listener }) => listener.passesTlsOn)) {
    const text = `${where} passes TLS on without reading it (PASSTHROUGH): the http rules of ${resourceLabel(route.ref)} do not hold there, and what answers is chosen by its tls routes.`;
    return [{ code: 'listener-tls', text }];
  }
  return [];
}

function takes({ protocol, passesTlsOn, hostname }: Listener, scheme: 'http' | 'https', host: string | null) {
  const own = passesTlsOn ? 'https' : schemeOf(protocol);
  return own === scheme && (host === null || hostname === null || covers(hostname, bareHost(host)));
}

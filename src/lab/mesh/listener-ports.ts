/** Where the lab's HTTP and HTTPS listeners listen, and with which certificate. */
import type { ManifestSet } from '../../plan/manifests/model.js';
import { schemeOf } from '../../plan/routes/listener-scheme.js';
import { attachRoutes } from './attached-listeners.js';
import type { Certificate } from './certificates.js';

/**
 * Gateway listener's port → port to listen on: the first of each scheme gets the one asked for, the others
 * are left to the system.
 */
export function portsToListenOn(
  set: ManifestSet,
  port: number,
  tlsPort: number,
): ReadonlyMap<number, number> {
  const attached = attachRoutes(set, new Set());
  const gateways = [...new Set(attached.map(({ gateway }) => gateway))];
  const ports = new Map<number, number>();
  for (const [scheme, wanted] of [
    ['http', port],
    ['https', tlsPort],
  ] as const) {
    const first = attached.find(({ listener }) => schemeOf(listener.protocol) === scheme);
    const sharing = attached.filter(({ listener }) => listener.port === first?.listener.port);
    const users = new Set(
      sharing.map(({ gateway, listener }) => `${gateways.indexOf(gateway)} ${schemeOf(listener.protocol)}`),
    );
    // Two gateways or schemes with the same port number cannot both have the one asked for.
    if (first !== undefined && users.size === 1) ports.set(first.listener.port, wanted);
  }
  return ports;
}

/** A certificate for all host names of the HTTPS listeners; null when there is no such listener. */
export async function certificateFor(set: ManifestSet): Promise<Certificate | null> {
  const tls = attachRoutes(set, new Set()).filter(({ listener }) => schemeOf(listener.protocol) === 'https');
  if (tls.length === 0) return null;
  const hosts = tls.flatMap(({ listener, hosts: attached }) => [
    listener.hostname ?? '*',
    ...attached.keys(),
  ]);
  const names = new Set(hosts.filter((host) => host !== '*'));
  const { makeCertificate } = await import('./certificates.js');
  return makeCertificate({ names: [...names, 'localhost', '127.0.0.1'] });
}

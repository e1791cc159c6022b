/** Listeners of a gateway that share a port: Istio makes one Envoy listener of them. */
import { schemeOf } from '../../plan/routes/listener-scheme.js';
import type { AttachedListener } from './attached-listeners.js';

export interface ListenerGroup {
  readonly scheme: 'http' | 'https';
  /** `istio-test/istio-gateway` */
  readonly gateway: string;
  /** Port of the Gateway listeners in the manifests. */
  readonly port: number;
  /** At least one. */
  readonly attached: readonly [AttachedListener, ...AttachedListener[]];
}

interface GroupBuilder extends ListenerGroup {
  readonly attached: [AttachedListener, ...AttachedListener[]];
}

/** @param certified whether there is a certificate; without one HTTPS listeners are left out, with a note */
export function groupListeners(
  all: readonly AttachedListener[],
  certified: boolean,
  notes: Set<string>,
): readonly ListenerGroup[] {
  const groups = new Map<string, GroupBuilder>();
  for (const each of all) {
    const { gateway, listener } = each;
    const title = `${gateway.ref.namespace}/${gateway.ref.name}`;
    const scheme = schemeOf(listener.protocol);
    if (scheme === null || (scheme === 'https' && !certified)) {
      const why = listener.passesTlsOn
        ? 'left out: it passes TLS on to backends (PASSTHROUGH), which the lab does not'
        : scheme === null
          ? `protocol ${listener.protocol} is left out: the lab serves HTTP and HTTPS`
          : 'HTTPS is left out: no certificate could be made for it';
      notes.add(`Gateway ${title} listener ${listener.name}: ${why}`);
      continue;
    }
    const key = `${gateway.family.group} ${title} ${listener.port} ${scheme}`;
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { scheme, gateway: title, port: listener.port, attached: [each] });
    else group.attached.push(each);
  }
  return [...groups.values()];
}

/** Istio's own (classic) Gateway: servers instead of listeners, and no address. */

import { ISTIO_GATEWAYS } from '../dialect.js';
import type { Field } from '../fields.js';
import type { Listener } from '../model.js';
import type { Reader } from '../resource.js';
import { istioHostname, ruleName } from './checks.js';

export const istioGateway: Reader = {
  kind: 'Gateway',
  group: ISTIO_GATEWAYS.group,
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  read(resource, ref, set) {
    const spec = resource.get('spec');
    const labels = spec.get('selector').entries();
    set.gateways.push({
      ref,
      family: ISTIO_GATEWAYS,
      className: null,
      listeners: spec
        .get('servers')
        .items()
        .flatMap((server) => readServer(server, ref.namespace)),
      statusAddresses: [],
      specAddresses: [],
      selector: Object.fromEntries(labels.map(([key, value]) => [key, value.requiredText()])),
    });
  },
};

/** Modes in which TLS is passed on; so it is without a mode. */
const PASSTHROUGH = ['', 'PASSTHROUGH', 'AUTO_PASSTHROUGH'];

/** One listener per host of a server; `namespace/host` limits which routes attach, not which requests come. */
function readServer(server: Field, own: string): Listener[] {
  const port = server.get('port');
  const number = port.get('number').whole(1, 65_535) ?? port.get('number').fail('is missing');
  const tls = server.get('tls');
  const names = [tls.get('credentialName'), ...tls.get('credentialNames').items()];
  const name = ruleName(server.get('name')) ?? ruleName(port.get('name')) ?? String(number);
  const certificates = names.flatMap((field) => field.text() ?? []);
  const written = port.get('protocol').requiredText().toUpperCase();
  const passesTlsOn =
    written === 'HTTPS' && tls.present && PASSTHROUGH.includes(tls.get('mode').text() ?? '');
  const redirectsToHttps = written !== 'HTTPS' && tls.get('httpsRedirect').boolean() === true;
  const hosts = server.get('hosts').items();
  return hosts.map((field) => {
    const [, namespace = '*', text = ''] = /^(?:([^/]*)\/)?(.*)$/s.exec(field.requiredText()) ?? [];
    if (!/^(\*|\.|[a-z0-9-]{1,63})$/.test(namespace)) field.fail('is not NAMESPACE/HOST, ./HOST or */HOST');
    const host = istioHostname(field, text);
    return {
      name,
      hostname: host === '*' ? null : host,
      port: number,
      // What Istio makes of it: no HTTP is read there.
      protocol: passesTlsOn ? 'TLS' : written,
      certificates,
      ...(passesTlsOn ? { passesTlsOn } : {}),
      ...(redirectsToHttps ? { redirectsToHttps } : {}),
      ...(namespace === '*' ? {} : { routesFrom: namespace === '.' ? own : namespace }),
    };
  });
}

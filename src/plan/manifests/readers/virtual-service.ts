/** VirtualService of Istio: rules are tried in order, destinations are hosts and subsets. */

import { type Dialect, ISTIO_GATEWAYS } from '../dialect.js';
import { istioDuration } from '../durations.js';
import type { Field } from '../fields.js';
import type { ParentRef, ResourceRef, RouteRule } from '../model.js';
import type { Reader, SetBuilder } from '../resource.js';
import { nameBackends } from './backend-names.js';
import { hostname, optionalName } from './checks.js';
import { readDestination, readDestinations, readHeaders } from './virtual-service-destinations.js';
import { readFault } from './virtual-service-fault.js';
import { readMatch } from './virtual-service-match.js';

/** Entry of `gateways` that stands for the sidecars of the mesh. */
const SIDECARS = 'mesh';

const DIALECT: Dialect = {
  order: 'written',
  protocol: 'http',
  gateways: ISTIO_GATEWAYS,
  sidecarParent: SIDECARS,
  missingBackendStatus: 503,
  backendsAt: { rules: 'http', backends: 'route', headers: 'headers' },
};

export const virtualService: Reader = {
  kind: 'VirtualService',
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  dialect: DIALECT,
  read(resource, ref, set) {
    const spec = resource.get('spec');
    for (const protocol of ['tcp', 'tls']) {
      if (spec.get(protocol).present)
        set.skipped.push(`${resource.place}: its ${protocol} routes are not read`);
    }
    set.routes.push({
      ref,
      dialect: DIALECT,
      hostnames: spec
        .get('hosts')
        .items()
        .map((host) => hostname(host)),
      parents: readGateways(spec.get('gateways'), ref),
      rules: spec
        .get('http')
        .items()
        .map((rule, index) => readRule(rule, index, ref, set)),
    });
  },
};

/** `name` or `namespace/name`; without any, the mesh's own sidecars. */
function readGateways(gateways: Field, ref: ResourceRef): ParentRef[] {
  const names = gateways.present ? gateways.items().map((gateway) => gateway.requiredText()) : [SIDECARS];
  return names.map((text) => {
    const [namespace, name] = text.includes('/') ? text.split('/', 2) : [ref.namespace, text];
    return { name: name ?? '', namespace: namespace || ref.namespace, sectionName: null, port: null };
  });
}

function readRule(rule: Field, index: number, ref: ResourceRef, set: SetBuilder): RouteRule {
  if (rule.get('delegate').present) {
    set.skipped.push(`${rule.place}: ${rule.path}: its delegate is not followed`);
  }
  const headers = rule.get('headers');
  const mirrors = [
    ...(rule.get('mirror').present ? [readDestination(rule.get('mirror'), ref)] : []),
    ...rule
      .get('mirrors')
      .items()
      .map((mirror) => readDestination(mirror.get('destination'), ref)),
  ];
  const retries = rule.get('retries');
  return {
    index,
    name: optionalName(rule.get('name')),
    line: rule.line,
    matches: rule.get('match').items().map(readMatch),
    backends: readDestinations(rule, ref),
    requestHeaders: readHeaders(headers.get('request')),
    responseHeaders: readHeaders(headers.get('response')),
    mirrors: nameBackends(mirrors),
    timeouts: { requestMs: istioDuration(rule.get('timeout')), backendRequestMs: null },
    retries: retries.present
      ? {
          attempts: retries.get('attempts').whole(0, 1000) ?? 0,
          retryOn: retries.get('retryOn').text() || null,
          perTryTimeoutMs: istioDuration(retries.get('perTryTimeout')),
        }
      : null,
    fault: readFault(rule.get('fault')),
    answersItself: ['redirect', 'directResponse'].find((key) => rule.get(key).present) ?? null,
  };
}

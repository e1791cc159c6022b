/** VirtualService of Istio: rules are tried in order, destinations are hosts and subsets. */

import { type Dialect, ISTIO_GATEWAYS } from '../dialect.js';
import { istioDuration } from '../durations.js';
import type { Field } from '../fields.js';
import type { Delegate, ParentRef, ResourceRef, Route, RouteRule } from '../model.js';
import type { Reader } from '../resource.js';
import { fullHost } from '../service-host.js';
import { istioHostname, objectName, optionalName, ruleName } from './checks.js';
import { readOwnReply } from './own-reply.js';
import { readDestinations, readHeaders, readMirrors } from './virtual-service-destinations.js';
import { readFault } from './virtual-service-fault.js';
import { gatewayName, SIDECARS } from './virtual-service-gateways.js';
import { readMatch } from './virtual-service-match.js';

const DIALECT: Dialect = {
  order: 'written',
  protocol: 'http',
  gateways: ISTIO_GATEWAYS,
  sidecarParent: SIDECARS,
  needsGrants: false,
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
        .map((host) => fullHost(istioHostname(host), ref.namespace)),
      parents: readGateways(spec.get('gateways'), ref),
      ...exportedTo(spec.get('exportTo'), ref.namespace),
      rules: spec
        .get('http')
        .items()
        .map((rule, index) => readRule(rule, index, ref)),
    });
  },
};

/** Without any, the mesh's own sidecars. */
function readGateways(gateways: Field, ref: ResourceRef): ParentRef[] {
  const names = gateways.items().map((gateway) => gatewayName(gateway, ref));
  return (names.length === 0 ? [SIDECARS] : names).map((text) => {
    const [namespace = '', name = text] = text === SIDECARS ? [ref.namespace] : text.split('/');
    return { name, namespace, sectionName: null, port: null };
  });
}

/** `*` and nothing mean all namespaces, `.` the own one, `~` none. */
function exportedTo(exportTo: Field, own: string): Pick<Route, 'exportTo'> {
  const names = exportTo.items().map((name) => name.requiredText());
  if (names.length === 0 || names.includes('*')) return {};
  const other = exportTo.items().find((name) => !/^([.~]|[a-z0-9-]{1,63})$/.test(name.requiredText()));
  other?.fail('is neither a namespace nor one of . * ~');
  return { exportTo: names.includes('~') ? [] : names.map((name) => (name === '.' ? own : name)) };
}

function readRule(rule: Field, index: number, ref: ResourceRef): RouteRule {
  const headers = rule.get('headers');
  const retries = rule.get('retries');
  return {
    index,
    name: ruleName(rule.get('name')),
    line: rule.line,
    matches: rule
      .get('match')
      .items()
      .map((match) => readMatch(match, ref)),
    backends: readDestinations(rule, ref),
    requestHeaders: readHeaders(headers.get('request')),
    responseHeaders: readHeaders(headers.get('response')),
    mirrors: readMirrors(rule, ref),
    timeouts: { requestMs: istioDuration(rule.get('timeout')), backendRequestMs: null },
    retries: retries.present
      ? {
          attempts: retries.get('attempts').whole(0, 1000) ?? 0,
          retryOn: retries.get('retryOn').text() || null,
          perTryTimeoutMs: istioDuration(retries.get('perTryTimeout')),
          backoffMs: istioDuration(retries.get('backoff')) || null,
        }
      : null,
    fault: readFault(rule.get('fault')),
    reply: readOwnReply(rule),
    answersItself: ['redirect', 'directResponse'].find((key) => rule.get(key).present) ?? null,
    delegate: readDelegate(rule.get('delegate'), ref),
  };
}

function readDelegate(delegate: Field, { namespace }: ResourceRef): Delegate | null {
  if (!delegate.present) return null;
  return {
    name: objectName(delegate.get('name')),
    namespace: optionalName(delegate.get('namespace')) ?? namespace,
    ruleIndex: null,
  };
}

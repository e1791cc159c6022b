/** Where a VirtualService's rule sends requests. */

import type { Field } from '../fields.js';
import type { Backend, HeaderModifier, Mirror, ResourceRef } from '../model.js';
import { nameBackends, type UnnamedBackend } from './backend-names.js';
import { headerName, headerValue, hostname, optionalName } from './checks.js';

/** Istio takes any int32. */
const MAX_WEIGHT = 2 ** 31 - 1;
const MAX_UINT32 = 2 ** 32 - 1;

/**
 * A rule's weighted destinations. One alone gets everything, whatever its weight; beside others an unset
 * weight is 0.
 */
export function readDestinations(rule: Field, ref: ResourceRef): Backend[] {
  const routes = rule.get('route').items();
  const backends = routes.map((route): UnnamedBackend => {
    const weight = route.get('weight').whole(0, MAX_WEIGHT) ?? 0;
    return {
      ...readDestination(route.get('destination'), ref),
      weight: routes.length === 1 && weight === 0 ? 100 : weight,
      requestHeaders: readHeaders(route.get('headers').get('request')),
      responseHeaders: readHeaders(route.get('headers').get('response')),
    };
  });
  return nameBackends(backends);
}

/** `mirror` with `mirrorPercentage` or, older, `mirrorPercent` under two names; and `mirrors`. Without a percentage all are copied. */
export function readMirrors(rule: Field, ref: ResourceRef): Mirror[] {
  const percentOf = (percentage: Field) =>
    percentage.present ? (percentage.get('value').number(0, 100) ?? 0) : null;
  const alone = rule.get('mirror');
  const older = ['mirrorPercent', 'mirror_percent'].map((key) => rule.get(key).whole(0, MAX_UINT32));
  const percent = percentOf(rule.get('mirrorPercentage')) ?? Math.min(100, older[0] ?? older[1] ?? 100);
  return nameBackends([
    ...(alone.present ? [{ ...readDestination(alone, ref), percent }] : []),
    ...rule
      .get('mirrors')
      .items()
      .map((mirror) => ({
        ...readDestination(mirror.get('destination'), ref),
        percent: percentOf(mirror.get('percentage')) ?? 100,
      })),
  ]);
}

/**
 * A `destination`: a host without dots is a Service in the VirtualService's namespace, `name.namespace.svc…`
 * one in that namespace, and any other is taken as written (Istio's rule for short names).
 */
function readDestination(destination: Field, ref: ResourceRef): UnnamedBackend {
  const host = destination.get('host').requiredText();
  const [name = '', namespace, svc] = hostname(destination.get('host')).split('.');
  const isService = namespace === undefined || svc === 'svc';
  return {
    refName: isService ? name : host.toLowerCase(),
    group: isService ? '' : 'networking.istio.io',
    kind: isService ? 'Service' : 'Hostname',
    namespace: isService ? (namespace ?? ref.namespace) : ref.namespace,
    port: destination.get('port').get('number').whole(1, 65_535),
    subset: optionalName(destination.get('subset')),
    host,
    weight: 0,
    requestHeaders: null,
    responseHeaders: null,
  };
}

/** `headers.request` or `headers.response`. */
export function readHeaders(headers: Field): HeaderModifier | null {
  if (!headers.present) return null;
  const pairs = (key: string) =>
    headers
      .get(key)
      .entries()
      .map(([name, value]) => [headerName(value, name), headerValue(value)] as const);
  const remove = headers
    .get('remove')
    .items()
    .map((item) => headerName(item));
  return { set: pairs('set'), add: pairs('add'), remove };
}

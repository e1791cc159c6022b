/** The value that a consistent hash uses, as Envoy configuration. */
import type { ManifestSet } from '../../plan/manifests/model.js';
import { effectivePolicy } from '../../plan/policy/effective-policy.js';
import type { HashOn } from '../../plan/policy/load-balancer.js';
import type { Destination } from '../mesh/destinations.js';
import { labRules } from '../mesh/lab-client.js';
import { type Json, protoDuration } from './json.js';

/** A DestinationRule's consistent hash is written on the routes that lead to its service. */
export function hashPolicy(destination: Destination, manifests: ManifestSet): readonly Json[] {
  if (destination.service === null) {
    return [];
  }
  const { loadBalancer } = effectivePolicy(
    labRules(manifests),
    destination.service,
    destination.port,
    destination.subset,
  );
  return 'hashOn' in loadBalancer && loadBalancer.hashOn !== null ? [hashOn(loadBalancer.hashOn)] : [];
}

function hashOn(on: HashOn): Json {
  if ('header' in on) {
    return { header: { header_name: on.header } };
  }
  if ('queryParameter' in on) {
    return { query_parameter: { name: on.queryParameter } };
  }
  if ('sourceIp' in on) {
    return { connection_properties: { source_ip: true } };
  }
  const { name, path, ttlMs } = on.cookie;
  return {
    cookie: {
      name,
      ...(ttlMs === null ? {} : { ttl: protoDuration(ttlMs) }),
      ...(path === null ? {} : { path }),
    },
  };
}

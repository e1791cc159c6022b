/**
 * What istiod generated (test/fixtures/istio), spelled out and reduced to the fields that change behaviour,
 * so that the lab's bootstrap can be compared with it field by field.
 */
import { readFileSync } from 'node:fs';
import type { Json } from '../../src/lab/envoy/json.js';

/**
 * Fields left out of the comparison, on both sides. Every one is listed in docs/envoy.md.
 *
 * - transport of the configuration: `eds_cluster_config`, `rds`, `route_config` (its content is compared
 *   apart), SDS and inline certificates;
 * - descriptions and statistics: `metadata`, `decorator`, `tracing`, `request_id_extension`, a route's `name`,
 *   the `runtime_key` of a slow start, `health_check_config` (there are no health checks);
 * - sums that Envoy makes itself: a locality's `load_balancing_weight`.
 */
export const IGNORED_FIELDS: ReadonlySet<string> = new Set([
  '@type',
  'eds_cluster_config',
  'rds',
  'route_config',
  'tls_certificate_sds_secret_configs',
  'tls_certificates',
  'metadata',
  'decorator',
  'tracing',
  'request_id_extension',
  'runtime_key',
  'health_check_config',
]);

const FIXTURES = 'test/fixtures/istio';
const HOST_SUFFIX = 'istio-test.svc.cluster.local';

export function fixture(name: string): string {
  return readFileSync(`${FIXTURES}/${name}`, 'utf8');
}

/** A variants file: a line per cluster, virtual host or filter chain, with MAX and NS spelled out. */
export function variants(name: string): Json[] {
  const text = fixture(name).replaceAll('"MAX"', '4294967295').replaceAll('.NS"', `.${HOST_SUFFIX}"`);
  return JSON.parse(text) as Json[];
}

/** The default retry policy as the tutorial's route has it in full. */
function defaultRetry(): Json {
  const { routes } = JSON.parse(fixture('tutorial.json'));
  return routes[0].virtual_hosts[0].routes[0].route.retry_policy;
}

/** A `retry_policy` of the variants file in full. */
export function spellRetry(short: unknown): unknown {
  const full = defaultRetry();
  const { retry_host_predicate: previousHosts, ...withoutPreviousHosts } = full;
  if (short === 'DEFAULT') {
    return full;
  }
  if (short === 'DEFAULT without previous_hosts') {
    return withoutPreviousHosts;
  }
  if (typeof short !== 'object' || short === null) {
    return short;
  }
  const { previous_hosts: given, ...rest } = short as Json;
  return {
    ...rest,
    ...(given === true ? { retry_host_predicate: previousHosts } : {}),
    host_selection_retry_max_attempts: full.host_selection_retry_max_attempts,
  };
}

/** A cluster of the variants file in the form of Envoy's API. */
export function spellCluster(short: Json): Json {
  const { circuit_breakers: limits, HttpProtocolOptions: http, ...rest } = short;
  return {
    ...rest,
    circuit_breakers: { thresholds: [limits] },
    ...(http === undefined
      ? {}
      : {
          typed_extension_protocol_options: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': http,
          },
        }),
  };
}

/** Removes IGNORED_FIELDS and writes what Envoy takes as equal in one way. */
export function behaviour(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(behaviour);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, content]) => !IGNORED_FIELDS.has(key) && !isEnvoyDefault(key, content))
      .map(([key, content]) => [key, behaviour(content)]),
  );
}

/** Values that mean the same as no value. */
function isEnvoyDefault(key: string, content: unknown): boolean {
  return (
    (key === 'case_sensitive' && content === true) ||
    (key === 'common_http_protocol_options' && JSON.stringify(content) === '{}')
  );
}

/** `behaviour` of a route, whose name is for statistics only. */
export function routeBehaviour(route: Json): unknown {
  const { name: _, ...rest } = route;
  return behaviour(rest);
}

/** Envoy's own `type` apart: EDS and STATIC differ only in how endpoints arrive. */
export function clusterBehaviour(cluster: Json): Json {
  const { load_assignment: _, ...rest } = cluster;
  return behaviour({ ...rest, type: cluster.type === 'EDS' ? 'STATIC' : cluster.type }) as Json;
}

/** Rules of HTTPRoutes, GRPCRoutes and VirtualServices as Envoy routes (docs/envoy.md). */
import type {
  Backend,
  FaultInjection,
  HeaderModifier,
  ManifestSet,
  Route,
  RouteMatch,
  RouteRule,
} from '../../plan/manifests/model.js';
import { resourceLabel } from '../../plan/manifests/resource.js';
import { effectivePolicy } from '../../plan/policy/effective-policy.js';
import type { HashOn } from '../../plan/policy/load-balancer.js';
import { orderedEntries } from '../../plan/routes/precedence.js';
import { type Destination, type Json, protoDuration, resolveBackend } from '../mesh/destinations.js';
import type { Topology } from '../mesh/topology.js';
import { retryPolicy } from './retry-policy.js';
import { envoyMatch } from './route-match.js';

/** What is needed to turn a rule into routes. */
export interface RouteContext {
  readonly manifests: ManifestSet;
  readonly topology: Topology;
  readonly defaultRetries: boolean;
  /** Port of the Gateway listener. */
  readonly gatewayPort: number;
  /** Gathers what is not reproduced. */
  readonly notes: Set<string>;
  /** Gathers the clusters that routes send requests to. */
  readonly used: Set<string>;
}

/** The routes of one host in the order Envoy tries them. Duplicates are dropped. */
export function buildRoutes(routes: readonly Route[], context: RouteContext): readonly Json[] {
  const seen = new Set<string>();
  return orderedEntries(routes).flatMap(({ route, rule, match }) => {
    if (match !== null && match.other.length > 0) {
      context.notes.add(
        `${title(route)} rule ${rule.index}: a match on ${match.other.join(', ')} is left out: the lab cannot reproduce it`,
      );
      return [];
    }
    const built = buildRoute(route, rule, match, context);
    const key = JSON.stringify(built.match);
    if (seen.has(key)) {
      return [];
    }
    seen.add(key);
    return [built];
  });
}

function title(route: Route): string {
  return resourceLabel(route.ref);
}

function buildRoute(route: Route, rule: RouteRule, match: RouteMatch | null, context: RouteContext): Json {
  const base = {
    match: envoyMatch(match),
    name: `${route.ref.namespace}.${route.ref.name}.${rule.index}`,
  };
  if (rule.answersItself !== null) {
    const text = `${title(route)} rule ${rule.index}: ${rule.answersItself} is not reproduced by the lab, which answers 501`;
    context.notes.add(text);
    return { ...base, direct_response: { status: 501, body: { inline_string: `${text}\n` } } };
  }
  const backends = rule.backends.filter(({ weight }) => weight > 0);
  const [first] = backends;
  if (first === undefined) {
    return { ...base, direct_response: { status: 500 } };
  }
  const single = backends.length === 1;
  return {
    ...base,
    route: routeAction(route, rule, backends, context),
    ...headerFields('request', single ? [rule.requestHeaders, first.requestHeaders] : [rule.requestHeaders]),
    ...headerFields(
      'response',
      single ? [rule.responseHeaders, first.responseHeaders] : [rule.responseHeaders],
    ),
    ...(rule.fault === null ? {} : { typed_per_filter_config: faultConfig(rule.fault) }),
  };
}

function routeAction(
  route: Route,
  rule: RouteRule,
  backends: readonly Backend[],
  context: RouteContext,
): Json {
  const destination = (backend: Backend): Destination => {
    const found = resolveBackend(backend, context.topology, context.gatewayPort);
    context.used.add(found.cluster);
    return found;
  };
  const destinations = backends.map(destination);
  const hashes = destinations.flatMap((each) => hashPolicy(each, context));
  const { requestMs, backendRequestMs } = rule.timeouts;
  // Without a retry stanza istiod writes backendRequest over the timeout of the whole request.
  const timeout = protoDuration((rule.retries === null ? (backendRequestMs ?? requestMs) : requestMs) ?? 0);
  const retry = retryPolicy({
    retries: rule.retries,
    perTryTimeoutMs: rule.retries?.perTryTimeoutMs ?? null,
    defaultRetries: context.defaultRetries,
    sameHost: backends.length === 1 && hashes.length > 0,
  });
  const hostHeader = backends.length === 1 ? hostRewrite([rule, ...backends]) : hostRewrite([rule]);
  return {
    ...(destinations.length === 1
      ? { cluster: destinations[0]?.cluster }
      : {
          weighted_clusters: { clusters: backends.map((backend, i) => weighted(backend, destinations[i])) },
        }),
    timeout,
    ...(retry === null ? {} : { retry_policy: retry }),
    ...(hashes.length === 0 ? {} : { hash_policy: hashes }),
    ...(hostHeader === null ? {} : { host_rewrite_literal: hostHeader }),
    // 503 is Envoy's own status.
    ...(route.dialect.missingBackendStatus === 503
      ? {}
      : { cluster_not_found_response_code: 'INTERNAL_SERVER_ERROR' }),
    max_grpc_timeout: timeout,
    ...(rule.mirrors.length === 0
      ? {}
      : { request_mirror_policies: rule.mirrors.map((m) => mirror(destination(m))) }),
  };
}

function weighted(backend: Backend, destination: Destination | undefined): Json {
  const hostHeader = hostRewrite([backend]);
  return {
    name: destination?.cluster,
    weight: backend.weight,
    ...headerFields('request', [backend.requestHeaders]),
    ...headerFields('response', [backend.responseHeaders]),
    ...(hostHeader === null ? {} : { host_rewrite_literal: hostHeader }),
  };
}

function mirror(destination: Destination): Json {
  return {
    cluster: destination.cluster,
    runtime_fraction: { default_value: { numerator: 100 } },
    trace_sampled: false,
    disable_shadow_host_suffix_append: true,
  };
}

function isHostHeader(name: string): boolean {
  return ['host', ':authority'].includes(name.toLowerCase());
}

/** Envoy refuses to set Host like another header; Istio writes it as a rewrite. The last one given holds. */
function hostRewrite(holders: readonly { readonly requestHeaders: HeaderModifier | null }[]): string | null {
  const values = holders.flatMap(({ requestHeaders }) => requestHeaders?.set ?? []);
  return values.filter(([name]) => isHostHeader(name)).at(-1)?.[1] ?? null;
}

/** `set` replaces, `add` appends (Envoy's default action, so it is not written). */
function headerFields(side: 'request' | 'response', modifiers: readonly (HeaderModifier | null)[]): Json {
  const given = modifiers.filter((modifier) => modifier !== null);
  const usable = ([name]: readonly [string, string]) => side === 'response' || !isHostHeader(name);
  const add = given.flatMap((modifier) => [
    ...modifier.set.filter(usable).map(([key, value]) => ({
      header: { key, value },
      append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
    })),
    ...modifier.add.filter(usable).map(([key, value]) => ({ header: { key, value } })),
  ]);
  const remove = given.flatMap((modifier) => modifier.remove);
  return {
    ...(add.length === 0 ? {} : { [`${side}_headers_to_add`]: add }),
    ...(remove.length === 0 ? {} : { [`${side}_headers_to_remove`]: remove }),
  };
}

/** A DestinationRule's consistent hash is written on the routes that lead to its service. */
function hashPolicy(destination: Destination, context: RouteContext): readonly Json[] {
  if (destination.service === null) {
    return [];
  }
  const { loadBalancer } = effectivePolicy(
    context.manifests,
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

function faultConfig({ abort, delay }: FaultInjection): Json {
  const share = (percent: number) => ({ numerator: Math.round(percent * 10_000), denominator: 'MILLION' });
  return {
    'envoy.filters.http.fault': {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
      ...(delay === null
        ? {}
        : { delay: { fixed_delay: protoDuration(delay.fixedDelayMs), percentage: share(delay.percent) } }),
      ...(abort === null
        ? {}
        : { abort: { http_status: abort.httpStatus, percentage: share(abort.percent) } }),
    },
  };
}

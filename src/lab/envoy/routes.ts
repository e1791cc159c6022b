/** Rules of HTTPRoutes, GRPCRoutes and VirtualServices as Envoy routes (docs/envoy.md). */
import type {
  Backend,
  ManifestSet,
  Mirror,
  OwnReply,
  Route,
  RouteMatch,
  RouteRule,
} from '../../plan/manifests/model.js';
import { statusWithoutBackend } from '../../plan/routes/no-backends.js';
import type { Place } from '../../plan/routes/place.js';
import { orderedEntries } from '../../plan/routes/precedence.js';
import { type Destination, resolveBackend } from '../mesh/destinations.js';
import { headerLevels } from '../mesh/header-levels.js';
import { inPlaceOfReply } from '../mesh/left-out-notes.js';
import { copiedTo } from '../mesh/mirrors.js';
import { redirectPort } from '../mesh/redirects.js';
import { routeTiming } from '../mesh/route-timing.js';
import type { Topology } from '../mesh/topology.js';
import { faultConfig } from './fault-filter.js';
import { hashPolicy } from './hash-policy.js';
import { headerFields, hostRewrite } from './header-fields.js';
import { type Json, protoDuration } from './json.js';
import { retryPolicy } from './retry-policy.js';
import { envoyMatch } from './route-match.js';
import { ruleCluster } from './rule-cluster.js';

/** What is needed to turn a rule into routes. */
export interface RouteContext {
  readonly manifests: ManifestSet;
  readonly topology: Topology;
  readonly defaultRetries: boolean;
  /** Scheme and port of the Gateway listener. */
  readonly scheme: 'http' | 'https';
  readonly gatewayPort: number;
  readonly place: Place;
  /** Gathers the clusters that routes send requests to. */
  readonly used: Set<string>;
  /** Gathers the clusters that are for one rule, by name. */
  readonly ruleClusters: Map<string, Json>;
}

/** The routes of one host in the order Envoy tries them. Duplicates are dropped. */
export function buildRoutes(routes: readonly Route[], context: RouteContext): readonly Json[] {
  const seen = new Set<string>();
  return orderedEntries(routes, context.place).flatMap(({ route, rule, match }) => {
    if (match !== null && match.other.length > 0) {
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

function buildRoute(route: Route, rule: RouteRule, match: RouteMatch | null, context: RouteContext): Json {
  const base = {
    match: envoyMatch(match),
    name: `${route.ref.namespace}.${route.ref.name}.${rule.index}`,
    ...(rule.fault === null ? {} : { typed_per_filter_config: faultConfig(rule.fault) }),
  };
  if (rule.reply) {
    const response = headerFields('response', [rule.responseHeaders]);
    return { ...base, ...replyAction(rule.reply, context), ...response };
  }
  if (rule.answersItself !== null) {
    return {
      ...base,
      direct_response: { status: 501, body: { inline_string: `${inPlaceOfReply(rule)}\n` } },
    };
  }
  const backends = rule.backends.filter(({ weight }) => weight > 0);
  const [first] = backends;
  if (first === undefined) {
    return { ...base, direct_response: { status: statusWithoutBackend(context.manifests, route, rule) } };
  }
  const single = backends.length === 1;
  const levels = (side: 'requestHeaders' | 'responseHeaders') =>
    headerLevels(rule, first, side, single).route;
  return {
    ...base,
    route: routeAction(route, rule, backends, context),
    ...headerFields('request', levels('requestHeaders')),
    ...headerFields('response', levels('responseHeaders')),
  };
}

/** A redirect or a response of the gateway's own. */
function replyAction(reply: OwnReply, { scheme, gatewayPort }: RouteContext): Json {
  if (reply.kind === 'response') {
    const body = reply.body === '' ? {} : { body: { inline_string: reply.body } };
    return { direct_response: { status: reply.status, ...body } };
  }
  const port = redirectPort(reply, { scheme, gatewayPort });
  return {
    redirect: {
      response_code: RESPONSE_CODES[reply.status],
      ...(reply.scheme === null ? {} : { scheme_redirect: reply.scheme }),
      ...(reply.host === null ? {} : { host_redirect: reply.host }),
      ...(port === null ? {} : { port_redirect: port }),
      ...(reply.path === null
        ? {}
        : { [reply.path.replaces === 'all' ? 'path_redirect' : 'prefix_rewrite']: reply.path.value }),
    },
  };
}

const RESPONSE_CODES: Readonly<Record<number, string>> = {
  301: 'MOVED_PERMANENTLY',
  302: 'FOUND',
  303: 'SEE_OTHER',
  307: 'TEMPORARY_REDIRECT',
  308: 'PERMANENT_REDIRECT',
};

function routeAction(
  route: Route,
  rule: RouteRule,
  backends: readonly Backend[],
  context: RouteContext,
): Json {
  const { manifests, topology, gatewayPort } = context;
  const own = ruleCluster(
    manifests,
    route,
    rule,
    backends.map((backend) => [backend, resolveBackend(backend, topology, gatewayPort)] as const),
  );
  if (own !== null) context.ruleClusters.set(own.name, own.cluster);
  const destination = (backend: Backend): Destination => {
    const found = resolveBackend(backend, topology, gatewayPort);
    const isInOwn = own !== null && backends.includes(backend);
    if (backend.granted !== false && !isInOwn) context.used.add(found.cluster);
    return found;
  };
  const destinations = backends.map(destination);
  const mirrors = copiedTo(rule);
  const hashes = destinations.flatMap((each) => hashPolicy(each, context.manifests));
  const timing = routeTiming(rule, context.defaultRetries, manifests.istio);
  const timeout = protoDuration(timing.timeoutMs ?? 0);
  const single = backends.length === 1;
  const hostHeader = hostRewrite([rule, ...(single ? backends : [])].map((one) => one.requestHeaders));
  return {
    ...(own !== null || destinations.length === 1
      ? { cluster: own?.name ?? destinations[0]?.cluster }
      : {
          weighted_clusters: { clusters: backends.map((backend, i) => weighted(backend, destinations[i])) },
        }),
    timeout,
    ...(timing.retry === null
      ? {}
      : { retry_policy: retryPolicy(timing.retry, single && hashes.length > 0) }),
    ...(hashes.length === 0 ? {} : { hash_policy: hashes }),
    ...(hostHeader === null ? {} : { host_rewrite_literal: hostHeader }),
    // 503 is Envoy's own status.
    ...(route.dialect.missingBackendStatus === 503
      ? {}
      : { cluster_not_found_response_code: 'INTERNAL_SERVER_ERROR' }),
    max_grpc_timeout: timeout,
    ...(mirrors.length === 0
      ? {}
      : { request_mirror_policies: mirrors.map((m) => mirror(m, destination(m))) }),
  };
}

function weighted(backend: Backend, destination: Destination | undefined): Json {
  const hostHeader = hostRewrite([backend.requestHeaders]);
  return {
    name: destination?.cluster,
    weight: backend.weight,
    ...headerFields('request', [backend.requestHeaders]),
    ...headerFields('response', [backend.responseHeaders]),
    ...(hostHeader === null ? {} : { host_rewrite_literal: hostHeader }),
  };
}

function mirror({ percent }: Mirror, destination: Destination): Json {
  return {
    cluster: destination.cluster,
    runtime_fraction: {
      default_value:
        percent === 100
          ? { numerator: 100 }
          : { numerator: Math.floor(percent * 10_000), denominator: 'MILLION' },
    },
    trace_sampled: false,
    disable_shadow_host_suffix_append: true,
  };
}

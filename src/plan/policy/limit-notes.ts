/** What to know of a rule's limits before a search: what is assumed of them, and what else refuses requests. */
import { listed } from '../../text/lists.js';
import type { ManifestSet, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';
import { gatewayPodsOf } from '../routes/gateway-pods.js';
import { gatewayOfRoute } from '../routes/route-gateway.js';
import type { Selection } from '../routes/select-rule.js';
import { backendPort } from './backend-port.js';
import { portOf } from './backend-protocol.js';
import type { RuleLimits } from './breaker-limits.js';
import { backendHost } from './destination-rules.js';
import { effectivePolicy } from './effective-policy.js';
import { endpointCount } from './endpoint-count.js';
import { limitsOf } from './envoy-gateway-limits.js';
import { policiesOfRule } from './envoy-gateway-policy.js';
import { sourceOf } from './kept-policies.js';
import { budgetInWords } from './retry-budget.js';
import { policiesOfKind } from './unused-policies.js';

/** Worker threads of a small gateway. */
const USUAL_WORKERS = 2;
/** Names in a sentence. */
const MAX_SHOWN = 3;

/** @param read null: the limits of this gateway are not read */
export function limitNotes(
  set: ManifestSet,
  selection: Selection,
  read: RuleLimits | null,
  options: { readonly areGiven: boolean; readonly isProtocolGiven: boolean },
): readonly Note[] {
  if (read === null) return options.areGiven ? [] : [notRead(set, selection)];
  const isLimited = read.clusters.some(
    ({ maxConnections, maxRequests }) => maxConnections !== null || maxRequests !== null,
  );
  return [
    ...(isLimited && !options.isProtocolGiven ? assumedProtocol(set, selection, read) : []),
    ...softLimits(set, selection, read),
    ...perConnection(read),
    ...(read.from === 'DestinationRule'
      ? istioRetries(set, selection)
      : envoyGatewayRefusals(set, selection)),
  ];
}

function notRead(set: ManifestSet, { route }: Selection): Note {
  const { label, facts } = gatewayOfRoute(set, route);
  const whose = facts === null ? label : facts.name;
  const text = `The limits of ${whose} are not read from manifests, so none is predicted. Give them by hand: --limit connections=100,pending=50,requests=100.`;
  return { code: 'limits-not-read', text };
}

/** Services that declare no protocol because the manifests do not have them. */
function assumedProtocol(set: ManifestSet, { rule }: Selection, read: RuleLimits): Note[] {
  if (read.clusters.every(({ backendProtocol }) => backendProtocol === 'h2')) return [];
  const missing = namesOf(rule, (backend) => portOf(set, backend) === undefined);
  if (missing.length === 0) return [];
  const text = `The manifests do not have the Service of ${listed(missing, MAX_SHOWN)}, so the gateway is taken to speak HTTP/1.1 to it. If its port is declared as HTTP/2 (appProtocol, name), say so with --backend-protocol http2: then other limits bind.`;
  return [{ code: 'backend-protocol', text }];
}

/** Limits on connections that are smaller than what workers and endpoints make of them. */
function softLimits(set: ManifestSet, { rule }: Selection, { clusters }: RuleLimits): Note[] {
  const weighted = rule.backends.filter(({ weight }) => weight > 0);
  return clusters.flatMap(({ version, maxConnections }): Note[] => {
    const own = weighted.filter(({ name }) => version === null || name === version);
    const endpoints = own.reduce((sum, backend) => sum + (endpointCount(set, backend, null) ?? 0), 0);
    if (maxConnections === null || maxConnections >= USUAL_WORKERS * endpoints) return [];
    const whose = version === null ? '' : ` of ${version}`;
    const text = `maxConnections ${maxConnections}${whose} is soft: each worker thread of the gateway may open a connection to each endpoint, of which the manifests have ${endpoints}. More can be under way than is predicted.`;
    return [{ code: 'limits-soft', text }];
  });
}

function perConnection({ clusters }: RuleLimits): Note[] {
  const few = clusters.flatMap(({ maxRequestsPerConnection: n }) => n ?? []);
  if (few.length === 0) return [];
  const text = `maxRequestsPerConnection ${Math.min(...few)} closes connections to backends: while one closes, the next request is already on another, so that the limit on requests can refuse below the knee.`;
  return [{ code: 'other-limits', text }];
}

function istioRetries(set: ManifestSet, { route, rule }: Selection): Note[] {
  const [client] = gatewayPodsOf(set, route);
  const texts = rule.backends.flatMap((backend) => {
    const host = backendHost(backend);
    if (host === null || backend.weight === 0) return [];
    const service = { namespace: backend.namespace, host };
    const { retryBudget } = effectivePolicy(
      { ...set, client },
      service,
      backendPort(set, backend),
      backend.subset,
    );
    return retryBudget === null ? [] : [`${backend.name}: ${budgetInWords(retryBudget)}.`];
  });
  return [...new Set(texts)].map((text) => ({ code: 'other-limits', text }));
}

function envoyGatewayRefusals(set: ManifestSet, { route, rule }: Selection): Note[] {
  const { layers } = policiesOfRule(set, policiesOfKind(set, 'BackendTrafficPolicy'), route, rule);
  const { retryBudget } = limitsOf(layers);
  const limited = layers.filter(({ spec }) => spec.get('rateLimit').present);
  const perEndpoint = layers.filter(({ spec }) => spec.get('circuitBreaker').get('perEndpoint').present);
  return [
    ...(retryBudget === null ? [] : [`${budgetInWords(retryBudget)}.`]),
    ...limited.map(
      (policy) =>
        `${sourceOf(policy)} has a rateLimit: what it refuses gets 429, is told apart, and is not predicted.`,
    ),
    ...perEndpoint.map(
      (policy) =>
        `${sourceOf(policy)} limits connections to each endpoint (perEndpoint): that is not read, and not predicted.`,
    ),
  ].map((text) => ({ code: 'other-limits', text }));
}

function namesOf({ backends }: RouteRule, is: (backend: RouteRule['backends'][number]) => boolean): string[] {
  return [...new Set(backends.filter((one) => one.weight > 0 && is(one)).map(({ name }) => name))];
}

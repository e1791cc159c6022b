/** Retry budgets: how many of the requests to a service may be retries. */
import { compareText } from '../../collections.js';
import { compareAge } from '../manifests/age.js';
import { gatewayApiDuration, istioDuration } from '../manifests/durations.js';
import type { Field } from '../manifests/fields.js';
import type { ManifestSet, RetryBudgetPolicy } from '../manifests/model.js';
import { serviceHost } from '../manifests/service-host.js';

const MAX_COUNT = 2 ** 32 - 1;
/** Of Istio and of the Gateway API. */
const DEFAULT_PERCENT = 20;
/** Of Istio, which takes 0 as "not set". */
const ISTIO_CONCURRENCY = 3;
const GATEWAY_API_CONCURRENCY = 10;
const GATEWAY_API_INTERVAL_MS = 10_000;

export interface RetryBudget {
  /** Of the requests under way, so many percent may be retries. */
  readonly percent: number;
  /** So many retries may be under way in any case. */
  readonly minConcurrency: number;
  /** The time over which requests are counted, so that those that have ended count too; null: only those under way. */
  readonly intervalMs: number | null;
}

/** `retryBudget` of a trafficPolicy (istio/istio 1.32, pilot/pkg/networking/core/cluster_traffic_policy.go, `applyRetryBudget`). */
export function readRetryBudget(block: Field): RetryBudget {
  return {
    percent: block.get('percent').number(0, 100) ?? DEFAULT_PERCENT,
    minConcurrency: block.get('minRetryConcurrency').whole(0, MAX_COUNT) || ISTIO_CONCURRENCY,
    intervalMs: istioDuration(block.get('budgetInterval')),
  };
}

/**
 * `retryConstraint` of an XBackendTrafficPolicy, as Istio takes it: the count of `minRetryRate` is one of retries under way
 * (istio/istio 1.32, pilot/pkg/config/kube/gateway/backend_policies.go, `BackendTrafficPolicyCollection`).
 */
export function readRetryConstraint(constraint: Field): RetryBudget {
  const budget = constraint.get('budget');
  return {
    percent: budget.get('percent').whole(0, 100) ?? DEFAULT_PERCENT,
    minConcurrency:
      constraint.get('minRetryRate').get('count').whole(1, 1_000_000) ?? GATEWAY_API_CONCURRENCY,
    intervalMs: gatewayApiDuration(budget.get('interval')) ?? GATEWAY_API_INTERVAL_MS,
  };
}

/** The XBackendTrafficPolicy whose budget holds for a service: the oldest, then by name; null without one. */
export function budgetPolicyOf(
  { retryBudgets = [] }: Pick<ManifestSet, 'retryBudgets'>,
  host: string,
): RetryBudgetPolicy | null {
  const [first] = retryBudgets
    .filter(({ ref, services }) => services.some((name) => serviceHost(name, ref.namespace) === host))
    .sort((a, b) => compareAge(a.ref, b.ref) || compareText(a.ref.name, b.ref.name));
  return first ?? null;
}

/** `at most 20 % of the requests of 10 s, and 10 in any case, may be retries` */
export function budgetInWords({ percent, minConcurrency, intervalMs }: RetryBudget): string {
  const over = intervalMs === null ? 'under way' : `of ${intervalMs / 1000} s`;
  return `at most ${percent} % of the requests ${over}, and ${minConcurrency} at once in any case, may be retries`;
}

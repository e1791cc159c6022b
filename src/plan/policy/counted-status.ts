/** What outlier detection takes a response for. */

/**
 * The status that outlier detection counts. With error codes (`outlierDetectionHttpErrorCodes`) only these are failures,
 * as 500 if they are not 5xx, and all others are a success, 5xx too (Envoy's `error_matcher`: envoyproxy/envoy,
 * router_outlier_detection_test.cc, and istio/istio 1.32, cluster_traffic_policy.go). Failures of the gateway's own, to
 * connect or to get an answer, do not pass through it: they count in any case.
 *
 * @param codes null: every 5xx is a failure
 */
export function countedStatus(status: number, codes: readonly number[] | null): number {
  if (codes === null) return status;
  if (!codes.includes(status)) return 200;
  return Math.max(status, 500);
}

/** Whether outlier detection counts a status as a gateway error. */
export function isGatewayError(status: number): boolean {
  return status >= 502 && status <= 504;
}

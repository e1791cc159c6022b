/** A cluster's outlier detection as Envoy configuration. */
import type { OutlierDetection } from '../../plan/policy/outlier-detection.js';
import { type Json, protoDuration } from './json.js';

/** Only what the manifest gives is written; the rest is Envoy's default, except success rate: off. */
export function outlierDetection(detection: OutlierDetection): Json {
  const given = new Set(detection.given);
  const counted = (field: string, name: string, value: number): Json =>
    given.has(field) ? { [name]: value, [`enforcing_${name}`]: value > 0 ? 100 : 0 } : {};
  const split = detection.splitExternalLocalOriginErrors;
  return {
    ...counted('consecutive5xxErrors', 'consecutive_5xx', detection.consecutive5xxErrors),
    ...(given.has('interval') ? { interval: protoDuration(detection.intervalMs) } : {}),
    ...(given.has('baseEjectionTime')
      ? { base_ejection_time: protoDuration(detection.baseEjectionTimeMs) }
      : {}),
    ...(given.has('maxEjectionPercent') ? { max_ejection_percent: detection.maxEjectionPercent } : {}),
    enforcing_success_rate: 0,
    ...counted('consecutiveGatewayErrors', 'consecutive_gateway_failure', detection.consecutiveGatewayErrors),
    ...(split ? { split_external_local_origin_errors: true, enforcing_local_origin_success_rate: 0 } : {}),
    ...counted(
      'consecutiveLocalOriginFailures',
      'consecutive_local_origin_failure',
      detection.consecutiveLocalOriginFailures ?? 0,
    ),
  };
}

/** Which responses are errors, as options of the cluster's HTTP: istiod writes a match of `:status` for each code. */
export function errorMatcher({ errorCodes }: OutlierDetection): Json {
  if (errorCodes === null) return {};
  const rules = errorCodes.map((code) => ({
    http_response_headers_match: { headers: [{ name: ':status', string_match: { exact: String(code) } }] },
  }));
  const [only] = rules;
  return { outlier_detection: { error_matcher: rules.length === 1 ? only : { or_match: { rules } } } };
}

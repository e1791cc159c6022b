/** Fault injection as Envoy configuration. */
import type { FaultInjection } from '../../plan/manifests/model.js';
import { type Json, protoDuration } from './json.js';

/** `typed_per_filter_config` of a route. */
export function faultConfig({ abort, delay }: FaultInjection): Json {
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

/** A cluster's load balancer as Envoy configuration. */
import type { LoadBalancer } from '../../plan/policy/load-balancer.js';
import { type Json, protoDuration } from './json.js';

/** ROUND_ROBIN is Envoy's own default and so absent, as in istiod's output. */
export function loadBalancing(balancer: LoadBalancer): Json {
  switch (balancer.policy) {
    case 'LEAST_REQUEST':
    case 'ROUND_ROBIN': {
      const config = balancer.policy === 'ROUND_ROBIN' ? 'round_robin_lb_config' : 'least_request_lb_config';
      return {
        ...(balancer.policy === 'ROUND_ROBIN' ? {} : { lb_policy: balancer.policy }),
        ...(balancer.warmup === null
          ? {}
          : {
              [config]: {
                slow_start_config: {
                  slow_start_window: protoDuration(balancer.warmup.durationMs),
                  // The key is required; nothing sets it.
                  aggression: { default_value: balancer.warmup.aggression, runtime_key: 'lab.slow_start' },
                  min_weight_percent: { value: balancer.warmup.minimumPercent },
                },
              },
            }),
      };
    }
    case 'RANDOM':
      return { lb_policy: 'RANDOM' };
    case 'PASSTHROUGH':
      return { lb_policy: 'CLUSTER_PROVIDED' };
    case 'RING_HASH':
      return {
        lb_policy: 'RING_HASH',
        ring_hash_lb_config: { minimum_ring_size: String(balancer.minimumRingSize) },
      };
    case 'MAGLEV':
      return {
        lb_policy: 'MAGLEV',
        ...(balancer.tableSize === null
          ? {}
          : { maglev_lb_config: { table_size: String(balancer.tableSize) } }),
      };
  }
}

/** `loadBalancer` of a trafficPolicy: which endpoint gets the next request. */
import { istioDuration } from '../manifests/durations.js';
import type { Field } from '../manifests/fields.js';
import type { PolicyRemarks } from './policy-remarks.js';

/** What a hash balancer hashes. */
export type HashOn =
  | { readonly header: string }
  | { readonly queryParameter: string }
  | {
      readonly cookie: { readonly name: string; readonly path: string | null; readonly ttlMs: number | null };
    }
  | { readonly sourceIp: true };

interface Warmup {
  readonly durationMs: number;
  readonly minimumPercent: number;
  readonly aggression: number;
}

export type LoadBalancer =
  | { readonly policy: 'LEAST_REQUEST' | 'ROUND_ROBIN'; readonly warmup: Warmup | null }
  | { readonly policy: 'RANDOM' | 'PASSTHROUGH' }
  | { readonly policy: 'RING_HASH'; readonly hashOn: HashOn | null; readonly minimumRingSize: number }
  | { readonly policy: 'MAGLEV'; readonly hashOn: HashOn | null; readonly tableSize: number | null };

const MAX_RING_SIZE = 8_388_608;
const MAX_TABLE_SIZE = 5_000_011;
/** Istio's `minimumRingSize`. */
const DEFAULT_RING_SIZE = 1024;

/**
 * @param block null when the policy has none; then and for unset fields Istio's defaults hold
 * @param origin what the policy is of, for remarks
 * @throws UserError naming file, line, resource and field
 */
export function readLoadBalancer(block: Field | null, origin: string, remarks: PolicyRemarks): LoadBalancer {
  const simple =
    block
      ?.get('simple')
      .oneOf('UNSPECIFIED', 'LEAST_CONN', 'LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM', 'PASSTHROUGH') ??
    'UNSPECIFIED';
  const locality = block?.get('localityLbSetting');
  if (locality?.present) {
    remarks.notes.push(`${locality.where} is not applied: the lab's pods have no locality`);
  }
  const hash = block?.get('consistentHash');
  if (hash?.present) return readConsistentHash(hash);
  if (simple === 'RANDOM' || simple === 'PASSTHROUGH') return { policy: simple };
  if (simple === 'UNSPECIFIED') {
    remarks.defaults.push(`loadBalancer of ${origin}: LEAST_REQUEST (Istio's default)`);
  }
  return {
    policy: simple === 'ROUND_ROBIN' ? 'ROUND_ROBIN' : 'LEAST_REQUEST',
    warmup: block === null ? null : readWarmup(block),
  };
}

function readWarmup(block: Field): Warmup | null {
  const warmup = block.get('warmup');
  const durationMs = istioDuration(warmup.present ? warmup.get('duration') : block.get('warmupDurationSecs'));
  if (durationMs === null) return null;
  return {
    durationMs,
    minimumPercent: warmup.get('minimumPercent').number(0, 100) ?? 10,
    aggression: warmup.get('aggression').number(1, 1000) ?? 1,
  };
}

function readConsistentHash(hash: Field): LoadBalancer {
  const hashOn = readHashOn(hash);
  const maglev = hash.get('maglev');
  if (maglev.present) {
    return { policy: 'MAGLEV', hashOn, tableSize: maglev.get('tableSize').whole(2, MAX_TABLE_SIZE) };
  }
  return {
    policy: 'RING_HASH',
    hashOn,
    minimumRingSize:
      hash.get('ringHash').get('minimumRingSize').whole(0, MAX_RING_SIZE) ??
      hash.get('minimumRingSize').whole(0, MAX_RING_SIZE) ??
      DEFAULT_RING_SIZE,
  };
}

function readHashOn(hash: Field): HashOn | null {
  const header = hash.get('httpHeaderName').text();
  if (header !== null) return { header };
  const cookie = hash.get('httpCookie');
  if (cookie.present) {
    const ttlMs = istioDuration(cookie.get('ttl'));
    return { cookie: { name: cookie.get('name').text() ?? '', path: cookie.get('path').text(), ttlMs } };
  }
  if (hash.get('useSourceIp').boolean() === true) return { sourceIp: true };
  const queryParameter = hash.get('httpQueryParameterName').text();
  return queryParameter === null ? null : { queryParameter };
}

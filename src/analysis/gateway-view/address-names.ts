/** Finds out which endpoint, as responses name it, has which address, as the gateway reports it. */

import { isIP } from 'node:net';
import { byEndpoint } from '../ejections/by-endpoint.js';
import type { EjectionWindow } from '../ejections/result.js';
import type { ReportedEjection } from './reported-ejection.js';
import { byFit, type Fit, type OpenEjection, timeFit } from './time-fit.js';

/** The endpoint that an address belongs to. */
export interface AddressName {
  readonly endpoint: string;
  /** Whether no other endpoint fits as well. */
  readonly sure: boolean;
}

interface Candidate extends Fit {
  readonly cluster: string;
  /** {@link addressKey} */
  readonly address: string;
  readonly endpoint: string;
}

/**
 * The names of addresses, by {@link addressKey}. If responses name endpoints by address, the name is known. Otherwise it is
 * the endpoint whose windows fit best in time; each endpoint stands for one address of a cluster.
 */
export function learnNames(
  ejections: readonly OpenEjection[],
  windows: readonly EjectionWindow[],
): Map<string, AddressName> {
  const names = new Map<string, AddressName>();
  const windowsOf = byEndpoint(windows);
  for (const ejection of ejections) {
    const own = [...windowsOf.keys()].filter((endpoint) => isAddressOf(endpoint, ejection.address));
    if (own.length === 1) names.set(addressKey(ejection), { endpoint: own[0] as string, sure: true });
  }
  const candidates = candidatesOf(
    ejections.filter((ejection) => !names.has(addressKey(ejection))),
    windowsOf,
  );
  const used = new Set<string>();
  const isFree = ({ cluster, address, endpoint }: Candidate) =>
    !names.has(address) && !used.has(`${cluster}\n${endpoint}`);
  for (const candidate of candidates) {
    if (!isFree(candidate)) continue;
    const { cluster, address, endpoint, ends } = candidate;
    const hasRival = candidates.some(
      (other) =>
        other.ends === ends &&
        other.cluster === cluster &&
        (other.address === address) !== (other.endpoint === endpoint) &&
        isFree(other),
    );
    used.add(`${cluster}\n${endpoint}`);
    names.set(address, { endpoint, sure: !hasRival });
  }
  return names;
}

/** A key for an address in its cluster. */
export function addressKey({ cluster, address }: ReportedEjection): string {
  return `${cluster}\n${address}`;
}

/** Whether an endpoint's name is an address; then no other address has this name. */
export function isAddress(endpoint: string): boolean {
  return isIP(hostOf(endpoint)) !== 0;
}

/** Pairs of address and endpoint whose times fit, the best first. */
function candidatesOf(
  ejections: readonly OpenEjection[],
  windowsOf: ReadonlyMap<string, readonly EjectionWindow[]>,
): Candidate[] {
  const sums = new Map<string, Candidate>();
  for (const ejection of ejections) {
    const address = addressKey(ejection);
    for (const [endpoint, windows] of windowsOf) {
      if (isAddress(endpoint)) continue;
      const best = bestFit(ejection, windows);
      if (best === null || best.ends === 0) continue;
      const key = `${address}\n${endpoint}`;
      const { cluster } = ejection;
      const sum = sums.get(key) ?? { cluster, address, endpoint, ends: 0, apartMs: 0 };
      sums.set(key, { ...sum, ends: sum.ends + best.ends, apartMs: sum.apartMs + best.apartMs });
    }
  }
  return [...sums.values()].sort(byFit);
}

function bestFit(ejection: OpenEjection, windows: readonly EjectionWindow[]): Fit | null {
  let best: Fit | null = null;
  for (const window of windows) {
    if (ejection.version !== null && ejection.version !== window.version) continue;
    const fit = timeFit(ejection, window);
    if (fit !== null && (best === null || byFit(fit, best) < 0)) best = fit;
  }
  return best;
}

function isAddressOf(endpoint: string, address: string): boolean {
  return endpoint === address || (isIP(endpoint) !== 0 && endpoint === hostOf(address));
}

/** `10.0.3.17` of `10.0.3.17:8080`, `::1` of `[::1]:8080`. */
function hostOf(address: string): string {
  if (isIP(address) !== 0) return address;
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

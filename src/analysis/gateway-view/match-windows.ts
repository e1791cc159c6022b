/** Finds the client's window of each reported ejection, and the endpoint's name. */

import type { EjectionWindow } from '../ejections/result.js';
import { SLACK_MS } from '../envoy-timing.js';
import { addressKey, isAddress, learnNames } from './address-names.js';
import type { ReportedEjection } from './reported-ejection.js';
import { byFit, isWithin, type OpenEjection, timeFit } from './time-fit.js';

export interface Match {
  /** Indices of the client's windows in order of time: none, one, or several between which the endpoint was back. */
  readonly windows: readonly number[];
  /** Another reported ejection has the same window: the client saw no request between the two. */
  readonly shared: boolean;
  /** Null: not certain. */
  readonly endpoint: string | null;
}

/**
 * @param logUntilMs from this time on the log may lack lines, so an ejection without an end may have ended; null: the log
 *   is complete
 * @returns a match for each ejection, in order
 */
export function matchWindows(
  ejections: readonly ReportedEjection[],
  windows: readonly EjectionWindow[],
  logUntilMs: number | null,
): Match[] {
  const open = ejections.map(
    (ejection): OpenEjection => ({
      ...ejection,
      mayEndAfterMs:
        ejection.sampled || logUntilMs === null ? Number.POSITIVE_INFINITY : logUntilMs - SLACK_MS,
    }),
  );
  const names = learnNames(open, windows);
  const named = new Set([...names.values()].map(({ endpoint }) => endpoint));
  /** Whether both can be of the same endpoint, as far as names are known. */
  const mayBeSame = (ejection: ReportedEjection, { version, endpoint }: EjectionWindow): boolean => {
    if (ejection.version !== null && ejection.version !== version) return false;
    const name = names.get(addressKey(ejection));
    return name === undefined ? !isAddress(endpoint) && !named.has(endpoint) : name.endpoint === endpoint;
  };
  const pairs = open.flatMap((ejection, index) =>
    windows.flatMap((window, at) => {
      if (!mayBeSame(ejection, window)) return [];
      const fit = timeFit(ejection, window);
      if (fit === null || (fit.ends === 0 && !names.has(addressKey(ejection)))) return [];
      return [{ index, at, ...fit }];
    }),
  );
  const matched = assign(pairs.sort(byFit), open);
  return open.map((ejection, index) => {
    const match = matched.get(index);
    const name = names.get(addressKey(ejection));
    const within = !ejection.sampled
      ? []
      : windows.flatMap((window, at) =>
          mayBeSame(ejection, window) && isWithin(window, ejection) ? [at] : [],
        );
    const all = new Set([...(match === undefined ? [] : [match.at]), ...within]);
    return {
      windows: [...all].sort((a, b) => a - b),
      shared: match?.shared ?? false,
      endpoint: name?.sure === true ? name.endpoint : null,
    };
  });
}

/**
 * One window for each ejection, the best pairs first. A source reports an ejection once, so each window is given once
 * per source; ejections that are left over share the window that fits them best.
 *
 * @param pairs of an ejection's and a window's index, by fit
 */
function assign(
  pairs: readonly { readonly index: number; readonly at: number }[],
  ejections: readonly ReportedEjection[],
): Map<number, { readonly at: number; readonly shared: boolean }> {
  const taken = new Set<string>();
  const matched = new Map<number, { readonly at: number; readonly shared: boolean }>();
  for (const { index, at } of pairs) {
    const key = `${at} ${ejections[index]?.source}`;
    if (matched.has(index) || taken.has(key)) continue;
    taken.add(key);
    matched.set(index, { at, shared: false });
  }
  for (const { index, at } of pairs) if (!matched.has(index)) matched.set(index, { at, shared: true });
  return matched;
}

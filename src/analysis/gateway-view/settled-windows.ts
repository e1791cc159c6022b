/** What the gateway's reports decide about the client's windows: that an absence was an ejection, and how long it lasted. */

import type { Span } from '../../blocks/gateway-observations.js';
import type { EjectionWindow, ReportedWindow } from '../ejections/result.js';
import type { Match } from './match-windows.js';
import type { ReportedEjection } from './reported-ejection.js';
import { agreement, endOf, startOf } from './time-fit.js';

/**
 * The client's windows with the gateway's word on them. A window of another kind that the gateway reports as an ejection becomes
 * one. Only a window that is certainly the reported ejection is changed: one endpoint is known to have the address, there is
 * one window for one ejection, and both begin together.
 *
 * @param matches as `reported`
 */
export function settledWindows(
  windows: readonly EjectionWindow[],
  reported: readonly ReportedEjection[],
  matches: readonly Match[],
): EjectionWindow[] {
  return windows.map((window, at) => {
    const own = [...matches.keys()].filter((i) => matches[i]?.windows.includes(at));
    const [only] = own;
    if (only === undefined || own.length > 1) return window;
    const [ejection, match] = [reported[only], matches[only]];
    if (ejection === undefined || match === undefined || !isCertain(ejection, match, window)) return window;
    const word: ReportedWindow = {
      from: ejection.from,
      type: ejection.type,
      durationMs: lengthOf(ejection, window),
      settles: window.kind === 'ejected' ? [] : ['kind'],
    };
    return { ...window, kind: 'ejected', reported: word };
  });
}

function isCertain(ejection: ReportedEjection, match: Match, window: EjectionWindow): boolean {
  if (match.endpoint === null || match.windows.length > 1 || match.shared) return false;
  const begunBefore = [ejection.ejectedMs, window.startMs].map((start) => start === null);
  return begunBefore[0] === begunBefore[1] && agreement(ejection.ejectedMs, startOf(window)) !== 'differs';
}

/** How long it was ejected, ms; null if an end is not known, is not that of the window, or is not the end of an ejection. */
function lengthOf(
  { ejectedMs, unejectedMs, gone }: ReportedEjection,
  window: EjectionWindow,
): [number, number] | null {
  if (ejectedMs === null || unejectedMs === null || gone || window.endMs === null) return null;
  if (agreement(unejectedMs, endOf(window)) === 'differs') return null;
  const [shortest, longest]: Span = [unejectedMs[0] - ejectedMs[1], unejectedMs[1] - ejectedMs[0]];
  return [Math.max(0, shortest), Math.max(0, longest)];
}

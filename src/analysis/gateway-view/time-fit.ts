/** How well the times of a reported ejection and of a client's window fit. */

import type { Span } from '../../blocks/gateway-observations.js';
import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';
import type { EjectionWindow } from '../ejections/result.js';
import { SLACK_MS } from '../envoy-timing.js';
import type { ReportedEjection } from './reported-ejection.js';

export interface Fit {
  /** How many of the two ends fit; 0: the times only overlap. */
  readonly ends: number;
  /** How far the times are apart, ms. */
  readonly apartMs: number;
}

/** A reported ejection. If its end is not known, it may have ended at any time after `mayEndAfterMs`. */
export interface OpenEjection extends ReportedEjection {
  readonly mayEndAfterMs: number;
}

/** Larger differences count as this: one hour. */
const MAX_APART_MS = 3_600_000;

/** Compares the times of an ejection and a window; null: they do not overlap. */
export function timeFit(ejection: OpenEjection, window: EjectionWindow): Fit | null {
  const start = apart(ejection.ejectedMs, startOf(window), ([lo]) => lo === Number.NEGATIVE_INFINITY);
  const end = apart(ejection.unejectedMs, endOf(window), ([, hi]) => hi >= ejection.mayEndAfterMs);
  const ends = Number(start === 0) + Number(end === 0);
  // Between these times the endpoint was certainly out by both accounts.
  const from = Math.max(ejection.ejectedMs?.[1] ?? Number.NEGATIVE_INFINITY, window.startBoundsMs[1]);
  const to = Math.min(
    (ejection.unejectedMs?.[0] ?? Number.POSITIVE_INFINITY) + MERGE_WINDOW_MS,
    window.endBoundsMs[0],
  );
  if (ends < 2 && to < from) return null;
  const apartMs = Math.min(start, MAX_APART_MS) + Math.min(end, MAX_APART_MS);
  // If fits are equal, the nearer estimates decide.
  const tieBreak = Math.min(MAX_APART_MS, estimatesApart(ejection, window)) / MAX_APART_MS;
  return { ends, apartMs: apartMs + tieBreak };
}

/** Orders fits, the best first. */
export function byFit(a: Fit, b: Fit): number {
  return b.ends - a.ends || a.apartMs - b.apartMs;
}

/** Whether the client's window lies within the ejection, delays by merging included. */
export function isWithin(window: EjectionWindow, { ejectedMs, unejectedMs }: ReportedEjection): boolean {
  const from = ejectedMs?.[0] ?? Number.NEGATIVE_INFINITY;
  const to = unejectedMs?.[1] ?? Number.POSITIVE_INFINITY;
  return (
    startOf(window)[1] >= from - SLACK_MS &&
    endOf(window)[0] <= to + MERGE_WINDOW_MS + SLACK_MS &&
    window.startMs !== null
  );
}

/** `merged`: Envoy's merging of host-set changes explains the difference. */
export type Agreement = 'same' | 'merged' | 'differs';

/** Whether a reported time can be the one that the client saw. */
export function agreement(reported: Span | null, seen: Span): Agreement {
  if (reported === null) return 'same';
  const fits = (lateMs: number) =>
    reported[0] - SLACK_MS <= seen[1] && reported[1] + lateMs + SLACK_MS >= seen[0];
  return fits(0) ? 'same' : fits(MERGE_WINDOW_MS) ? 'merged' : 'differs';
}

/** Bounds of the window's start; infinite where it is not bounded. */
export function startOf({ startBoundsMs: [lo, hi] }: EjectionWindow): Span {
  return [lo ?? Number.NEGATIVE_INFINITY, hi];
}

/** Bounds of the window's end; infinite where it is not bounded. */
export function endOf({ endBoundsMs: [lo, hi] }: EjectionWindow): Span {
  return [lo, hi ?? Number.POSITIVE_INFINITY];
}

/**
 * Distance between the reported time and the one that the client saw, ms; 0 if they can be the same.
 *
 * @param isOpen whether the client's time fits if none is reported
 */
function apart(reported: Span | null, seen: Span, isOpen: (seen: Span) => boolean): number {
  if (reported === null) return isOpen(seen) ? 0 : Number.POSITIVE_INFINITY;
  return Math.max(0, reported[0] - SLACK_MS - seen[1], seen[0] - (reported[1] + MERGE_WINDOW_MS + SLACK_MS));
}

function estimatesApart(
  { ejectedMs, unejectedMs }: ReportedEjection,
  { startMs, endMs }: EjectionWindow,
): number {
  const start = ejectedMs === null || startMs === null ? 0 : Math.abs(startMs - ejectedMs[0]);
  return start + (unejectedMs === null || endMs === null ? 0 : Math.abs(endMs - unejectedMs[0]));
}

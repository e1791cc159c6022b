/**
 * Bounds of the times at which an endpoint was taken out of rotation and put back. They bound the effect, not the decision:
 * when the gateway's worker threads stopped sending to it, and began again. The effect follows the decision after the handover
 * to the workers and Envoy's merging of host-set changes: a change within a second after another takes effect up to a second
 * later (docs/ejections.md).
 */
import { HANDOVER_US, MERGE_WINDOW_US } from '../../envoy-timing.js';
import type { DetectedWindow } from './detected-window.js';
import type { StreakState } from './failure-streak.js';
import type { TrafficDrop } from './traffic-drop.js';

/** A window with its bounds, µs. */
export interface BoundedWindow {
  readonly detected: DetectedWindow;
  /** Null: out before the run began. */
  readonly startUs: number | null;
  readonly startBoundsUs: readonly [lo: number | null, hi: number];
  /** Null: still out when the run ended. */
  readonly endUs: number | null;
  readonly endBoundsUs: readonly [lo: number, hi: number | null];
}

/**
 * Adds bounds to windows.
 *
 * @param windows of endpoints that the gateway has in one cluster: those of one version, or of all versions of the route
 * @param maxOut how many endpoints the rule lets the gateway eject at once, if the version's traffic is enough to show
 *   every window that the rule makes; null: not known
 */
export function withBounds(windows: readonly DetectedWindow[], maxOut: number | null): BoundedWindow[] {
  // The bounds of a change depend on the changes before it.
  const whole = windows.filter(({ drop }) => drop === null);
  const changes: { window: DetectedWindow; end: boolean; atUs: number }[] = whole.flatMap((window) => [
    ...(window.begunInRun ? [{ window, end: false, atUs: window.lastSeenUs }] : []),
    ...(window.back === null ? [] : [{ window, end: true, atUs: window.back.sendUs }]),
  ]);
  changes.sort((a, b) => a.atUs - b.atUs);
  /** When each change so far had taken effect, at the latest. */
  const doneUs: number[] = [];
  const starts = new Map<DetectedWindow, readonly [number, number]>();
  for (const { window, end, atUs } of changes) {
    if (end) {
      doneUs.push(window.back?.seenUs ?? atUs);
      continue;
    }
    const refused = (fromUs: number, toUs: number) =>
      maxOut === null || othersOut(whole, window, fromUs, toUs) >= maxOut;
    const bounds = startBounds(window, lastBefore(doneUs, window), refused);
    starts.set(window, bounds);
    doneUs.push(bounds[1]);
  }
  return windows.map((detected) => boundedWindow(detected, starts.get(detected) ?? null));
}

/** When the last change before the window's start had taken effect, at the latest, µs. */
function lastBefore(doneUs: readonly number[], { lastSeenUs }: DetectedWindow): number {
  const before = doneUs.filter((us) => us <= lastSeenUs + MERGE_WINDOW_US);
  return Math.max(Number.NEGATIVE_INFINITY, ...before.slice(-16));
}

/** The largest number of other endpoints that may have been out at some time in the span. */
function othersOut(
  windows: readonly DetectedWindow[],
  own: DetectedWindow,
  fromUs: number,
  toUs: number,
): number {
  const out = windows.filter(
    ({ endpoint, lastSendUs, back }) =>
      endpoint !== own.endpoint &&
      lastSendUs <= toUs &&
      (back?.seenUs ?? Number.POSITIVE_INFINITY) >= fromUs - MERGE_WINDOW_US,
  );
  return new Set(out.map(({ endpoint }) => endpoint)).size;
}

/** @param refused whether, at some time in a span, the rule's maximum may have prevented an ejection */
function startBounds(
  window: DetectedWindow,
  changeUs: number,
  refused: (fromUs: number, toUs: number) => boolean,
): readonly [number, number] {
  const { lastSendUs, streak } = window;
  // From then on the traffic alone shows that it was out.
  const missedUs = Number.isNaN(window.missedUs) ? Number.POSITIVE_INFINITY : window.missedUs;
  let lo = lastSendUs - HANDOVER_US;
  let hi = missedUs;
  if (window.kind === 'ejected' && streak !== null) {
    const causes = [streak, ...window.otherCauses].map((state) => causeBounds(state, refused));
    lo = Math.max(lo, Math.min(...causes.map(([from]) => from)));
    // A streak that does not fill the rule's count was completed by requests of other clients, at an unknown time.
    if (streak.trigger !== null) {
      hi = Math.min(missedUs, Math.max(...causes.map((cause) => latestUs(cause, lastSendUs, changeUs))));
    }
  }
  if (!Number.isFinite(hi)) hi = window.stillAbsentUs;
  return [lo, Math.max(lo, hi)];
}

/**
 * Bounds of the time at which the gateway got the 5xx that made it eject. If Envoy had to refuse an ejection at first, it starts
 * counting at zero again: in a streak of at least twice the rule's count a later 5xx may have made it eject.
 */
function causeBounds(
  { trigger, consecutive, firstSendUs, lastSeenUs }: StreakState,
  refused: (fromUs: number, toUs: number) => boolean,
): readonly [number, number] {
  if (trigger === null) return [firstSendUs, lastSeenUs];
  const [fromUs, toUs] = trigger.boundsUs;
  const later = consecutive >= 2 * trigger.position && refused(fromUs, toUs);
  return [fromUs, later ? Number.POSITIVE_INFINITY : toUs];
}

/**
 * The latest time at which an ejection took effect that the gateway decided between `fromUs` and `toUs`. It takes effect at
 * once, or a second later if another change (`changeUs`) came within the second before. Requests to the endpoint after `toUs`
 * show that it took effect later. If they go on for more than that second, the gateway had refused at first, and only the
 * traffic bounds the time.
 */
function latestUs([fromUs, toUs]: readonly [number, number], lastSendUs: number, changeUs: number): number {
  const mergedUs = toUs + MERGE_WINDOW_US + HANDOVER_US;
  if (mergedUs === Number.POSITIVE_INFINITY || lastSendUs > mergedUs) return Number.POSITIVE_INFINITY;
  const merging = changeUs + MERGE_WINDOW_US + HANDOVER_US >= fromUs;
  if (lastSendUs > toUs + HANDOVER_US) return mergedUs;
  return merging
    ? Math.min(toUs, changeUs + MERGE_WINDOW_US) + MERGE_WINDOW_US + HANDOVER_US
    : toUs + HANDOVER_US;
}

function boundedWindow(detected: DetectedWindow, start: readonly [number, number] | null): BoundedWindow {
  if (detected.drop !== null) return ofDrop(detected, detected.drop);
  const { back, streak } = detected;
  const end: Pick<BoundedWindow, 'endUs' | 'endBoundsUs'> =
    back === null
      ? { endUs: null, endBoundsUs: [detected.stillAbsentUs, null] }
      : { endUs: back.sendUs, endBoundsUs: [Math.min(detected.stillAbsentUs, back.sendUs), back.seenUs] };
  if (start === null) return { detected, startUs: null, startBoundsUs: [null, detected.lastSeenUs], ...end };
  const [lo, hi] = start;
  // The last known request to it: the one that ejected it, or a later one.
  const causeUs = streak?.trigger?.boundsUs[1] ?? streak?.lastSendUs ?? detected.lastSendUs;
  const lastUs = Math.max(causeUs, detected.lastSendUs);
  return { detected, startUs: Math.min(Math.max(lastUs, lo), hi), startBoundsUs: [lo, hi], ...end };
}

function ofDrop(detected: DetectedWindow, { startBoundsUs, endBoundsUs }: TrafficDrop): BoundedWindow {
  const [, startUs] = startBoundsUs;
  if (endBoundsUs === null)
    return { detected, startUs, startBoundsUs, endUs: null, endBoundsUs: [startUs, null] };
  return { detected, startUs, startBoundsUs, endUs: Math.max(startUs, endBoundsUs[0]), endBoundsUs };
}

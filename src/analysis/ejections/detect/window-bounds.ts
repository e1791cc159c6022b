/**
 * Between which times an endpoint was taken out of rotation and put back. What is bounded is when the gateway's
 * workers went by it. Two things lie between its decision and that (docs/ejections.md): handing over to the workers,
 * and Envoy's merging of host-set changes: one that comes within a second of the one before it is applied a second
 * later.
 */
import { MERGE_WINDOW_MS } from '../../../plan/policy/envoy-defaults.js';
import type { RawWindow } from './detected-window.js';
import type { FailureState } from './failure-streak.js';
import type { Fall } from './traffic-drop.js';

export const MERGE_WINDOW_US = MERGE_WINDOW_MS * 1000;
/** From a gateway's decision until all its workers go by it, unless its machine is very busy; and what timers are late by. */
export const HANDOVER_US = 5_000;

/** A window with its bounds, µs. */
export interface BoundedWindow {
  readonly raw: RawWindow;
  /** Null: before the run. */
  readonly startUs: number | null;
  readonly startBoundsUs: readonly [lo: number | null, hi: number];
  /** Null: not before its end. */
  readonly endUs: number | null;
  readonly endBoundsUs: readonly [lo: number, hi: number | null];
}

/**
 * @param windows of one version
 * @param mostOut endpoints that the rule lets go at once, if the version's traffic shows every window of its length;
 *   null: not known
 */
export function bounded(windows: readonly RawWindow[], mostOut: number | null): BoundedWindow[] {
  // A change is bounded by means of those before it.
  const whole = windows.filter(({ fall }) => fall === null);
  const changes: { window: RawWindow; end: boolean; atUs: number }[] = whole.flatMap((window) => [
    ...(window.begunInRun ? [{ window, end: false, atUs: window.lastSeenUs }] : []),
    ...(window.back === null ? [] : [{ window, end: true, atUs: window.back.sendUs }]),
  ]);
  changes.sort((a, b) => a.atUs - b.atUs);
  /** By when each change so far had taken effect. */
  const doneUs: number[] = [];
  const starts = new Map<RawWindow, readonly [number, number]>();
  for (const { window, end, atUs } of changes) {
    if (end) {
      doneUs.push(window.back?.seenUs ?? atUs);
      continue;
    }
    const refused = (fromUs: number, toUs: number) =>
      mostOut === null || othersOut(whole, window, fromUs, toUs) >= mostOut;
    const bounds = startBounds(window, lastBefore(doneUs, window), refused);
    starts.set(window, bounds);
    doneUs.push(bounds[1]);
  }
  return windows.map((raw) => withBounds(raw, starts.get(raw) ?? null));
}

/** By when the last change before the window's start had taken effect, µs. */
function lastBefore(doneUs: readonly number[], { lastSeenUs }: RawWindow): number {
  const before = doneUs.filter((us) => us <= lastSeenUs + MERGE_WINDOW_US);
  return Math.max(Number.NEGATIVE_INFINITY, ...before.slice(-16));
}

/** Other endpoints that may have been out at some time between these. */
function othersOut(windows: readonly RawWindow[], own: RawWindow, fromUs: number, toUs: number): number {
  const out = windows.filter(
    ({ endpoint, lastSendUs, back }) =>
      endpoint !== own.endpoint &&
      lastSendUs <= toUs &&
      (back?.seenUs ?? Number.POSITIVE_INFINITY) >= fromUs - MERGE_WINDOW_US,
  );
  return new Set(out.map(({ endpoint }) => endpoint)).size;
}

/** @param refused whether the gateway may have had to refuse to eject at some time between these */
function startBounds(
  window: RawWindow,
  changeUs: number,
  refused: (fromUs: number, toUs: number) => boolean,
): readonly [number, number] {
  const { lastSendUs, failures } = window;
  // By then traffic alone tells that it was gone.
  const missedUs = Number.isNaN(window.missedUs) ? Number.POSITIVE_INFINITY : window.missedUs;
  let lo = lastSendUs - HANDOVER_US;
  let hi = missedUs;
  if (window.kind === 'ejected' && failures !== null) {
    const causes = [failures, ...window.otherCauses].map((state) => causeBounds(state, refused));
    lo = Math.max(lo, Math.min(...causes.map(([from]) => from)));
    // With fewer than fill a rule's count the gateway may have seen others.
    if (failures.trigger !== null) {
      hi = Math.min(missedUs, Math.max(...causes.map((cause) => latestUs(cause, lastSendUs, changeUs))));
    }
  }
  if (!Number.isFinite(hi)) hi = window.stillAbsentUs;
  return [lo, Math.max(lo, hi)];
}

/**
 * Between which times the gateway saw what made it decide. In a row of twice as many as the rule asks for that may be
 * any later one too if it had to refuse at first, since Envoy then counts anew: then only traffic tells.
 */
function causeBounds(
  { trigger, consecutive, firstSendUs, lastSeenUs }: FailureState,
  refused: (fromUs: number, toUs: number) => boolean,
): readonly [number, number] {
  if (trigger === null) return [firstSendUs, lastSeenUs];
  const [fromUs, toUs] = trigger.boundsUs;
  const later = consecutive >= 2 * trigger.position && refused(fromUs, toUs);
  return [fromUs, later ? Number.POSITIVE_INFINITY : toUs];
}

/**
 * By when an ejection took effect whose cause the gateway saw between `fromUs` and `toUs`: at once, or a second later
 * if another change came within the second before, which `changeUs` may tell and later requests do. When these go on
 * for longer the gateway had refused to eject at first, and nothing but traffic tells.
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

function withBounds(raw: RawWindow, start: readonly [number, number] | null): BoundedWindow {
  if (raw.fall !== null) return ofFall(raw, raw.fall);
  const { back, failures } = raw;
  const end: Pick<BoundedWindow, 'endUs' | 'endBoundsUs'> =
    back === null
      ? { endUs: null, endBoundsUs: [raw.stillAbsentUs, null] }
      : { endUs: back.sendUs, endBoundsUs: [Math.min(raw.stillAbsentUs, back.sendUs), back.seenUs] };
  if (start === null) return { raw, startUs: null, startBoundsUs: [null, raw.lastSeenUs], ...end };
  const [lo, hi] = start;
  // The latest that is known to have gone to it: the response that ejected it, or a request after that.
  const causeUs = failures?.trigger?.boundsUs[1] ?? failures?.lastSendUs ?? raw.lastSendUs;
  const lastUs = Math.max(causeUs, raw.lastSendUs);
  return { raw, startUs: Math.min(Math.max(lastUs, lo), hi), startBoundsUs: [lo, hi], ...end };
}

function ofFall(raw: RawWindow, { startBoundsUs, endBoundsUs }: Fall): BoundedWindow {
  const [, startUs] = startBoundsUs;
  if (endBoundsUs === null) return { raw, startUs, startBoundsUs, endUs: null, endBoundsUs: [startUs, null] };
  return { raw, startUs, startBoundsUs, endUs: Math.max(startUs, endBoundsUs[0]), endBoundsUs };
}

/** Pairs the events of an outlier event log: which endpoint was ejected from when to when, by the gateway's clock. */

import type { LogEvent, Span } from '../blocks/gateway-observations.js';
import { counted } from '../text/numbers.js';

/** An ejection of the log. Times in ms, on the clock of the events. */
export interface LoggedEjection {
  readonly cluster: string;
  readonly address: string;
  /** `CONSECUTIVE_5XX` */
  readonly type: string;
  /** Null: before the log begins. */
  readonly ejectedMs: Span | null;
  /** Null: the log does not say. */
  readonly unejectedMs: Span | null;
  /** The endpoint was ejected again without an un-ejection in between: what cleared the ejection left no line. */
  readonly cleared: boolean;
}

const SECOND_MS = 1000;
/** A larger difference between two times of the log for the same ejection: the clock was set. Seconds are rounded down. */
const STEP_MS = 1500;

/**
 * @param events in the order of the file
 * @returns ejections by when they began, and remarks on odd events
 */
export function loggedEjections(events: readonly LogEvent[]): {
  ejections: LoggedEjection[];
  remarks: string[];
} {
  const open = new Map<string, LogEvent>();
  const ejections: LoggedEjection[] = [];
  const headless = new Set<string>();
  let clearedCount = 0;
  let steps = 0;
  for (const event of [...events].sort((a, b) => a.atMs - b.atMs)) {
    const { cluster, address, atMs, action, sinceS } = event;
    const key = `${cluster}\n${address}`;
    const began = open.get(key);
    // When the endpoint's event before this one was, by the gateway's clock that is never set.
    const before: Span | null =
      sinceS === null ? null : [atMs - (sinceS + 1) * SECOND_MS, atMs - sinceS * SECOND_MS];
    if (action === 'eject') {
      if (began !== undefined) {
        clearedCount += 1;
        // A new cluster clears the ejection and keeps no time; after an un-ejection whose line is lost the event has one.
        const unejectedMs: Span = before === null ? [began.atMs, atMs] : clamp(before, began.atMs, atMs);
        ejections.push({
          cluster,
          address,
          type: began.type,
          ejectedMs: at(began.atMs),
          unejectedMs,
          cleared: true,
        });
      }
      open.set(key, event);
      continue;
    }
    if (began !== undefined) {
      if (sinceS !== null && off(atMs - began.atMs, sinceS) > STEP_MS) steps += 1;
      ejections.push({
        cluster,
        address,
        type: began.type,
        ejectedMs: at(began.atMs),
        unejectedMs: at(atMs),
        cleared: false,
      });
      open.delete(key);
    } else {
      headless.add(key);
      ejections.push({
        cluster,
        address,
        type: event.type,
        ejectedMs: before,
        unejectedMs: at(atMs),
        cleared: false,
      });
    }
  }
  for (const { cluster, address, type, atMs } of open.values()) {
    ejections.push({ cluster, address, type, ejectedMs: at(atMs), unejectedMs: null, cleared: false });
  }
  const remarks: string[] = [];
  if (headless.size > 0) {
    remarks.push(
      `The event log puts ${counted(headless.size, 'endpoint')} back that it did not eject: it begins in the middle, as after it ` +
        'was rotated. When they were ejected is known to a second, from what the lines themselves say.',
    );
  }
  if (clearedCount > 0) {
    remarks.push(
      `${counted(clearedCount, 'time')} an endpoint was ejected again without having been put back: a changed DestinationRule ` +
        'rebuilds its cluster and clears ejections without a line (as does a restart), or lines are lost.',
    );
  }
  if (steps > 0) {
    remarks.push(
      "The gateway's clock was set: the time between the lines of an ejection and of its end is not the one that the lines give.",
    );
  }
  const began = ({ ejectedMs }: LoggedEjection) => ejectedMs?.[0] ?? Number.NEGATIVE_INFINITY;
  ejections.sort((a, b) => (began(a) === began(b) ? 0 : began(a) - began(b)));
  return { ejections, remarks };
}

function at(ms: number): Span {
  return [ms, ms];
}

function clamp([lo, hi]: Span, least: number, most: number): Span {
  const within = (ms: number) => Math.min(most, Math.max(least, ms));
  return [within(lo), within(hi)];
}

/** By how much an elapsed time is not `seconds` rounded down, ms. */
function off(elapsedMs: number, seconds: number): number {
  return Math.max(seconds * SECOND_MS - elapsedMs, elapsedMs - (seconds + 1) * SECOND_MS, 0);
}

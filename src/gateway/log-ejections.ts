/** Pairs the events of an outlier event log into ejections with a start and an end, by the gateway's clock. */

import type { LogEvent, Span } from '../blocks/gateway-observations.js';
import { counted } from '../text/numbers.js';

/** An ejection of the log. Times in ms, on the clock of the events. */
export interface LoggedEjection {
  readonly cluster: string;
  readonly address: string;
  /** `CONSECUTIVE_5XX` */
  readonly type: string;
  /** Null: before the log begins, at an unknown time. */
  readonly ejectedMs: Span | null;
  /** Null: the log does not say. */
  readonly unejectedMs: Span | null;
  /** The endpoint was ejected again without an UNEJECT line in between: something else cleared the ejection. */
  readonly cleared: boolean;
}

const SECOND_MS = 1000;
/**
 * If the timestamps of an ejection differ by more than this from the seconds that its lines give, the gateway's clock was
 * set. Those seconds are rounded down.
 */
const STEP_MS = 1500;

/**
 * Pairs `EJECT` and `UNEJECT` events by cluster and address.
 *
 * @param events in the order of the file
 * @returns ejections in order of their start, and remarks on events that do not fit together
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
    // The time of the endpoint's previous event, from `secs_since_last_action`, which Envoy takes from a monotonic clock.
    const before: Span | null =
      sinceS === null ? null : [atMs - (sinceS + 1) * SECOND_MS, atMs - sinceS * SECOND_MS];
    if (action === 'eject') {
      if (began !== undefined) {
        clearedCount += 1;
        // A rebuilt cluster clears the ejection and gives no time. If only the UNEJECT line is lost, the event gives it.
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
      `The event log puts ${counted(headless.size, 'endpoint')} back that it did not eject: it begins in the middle, for example ` +
        'because it was rotated. The lines give the time of these ejections to the second.',
    );
  }
  if (clearedCount > 0) {
    remarks.push(
      `${counted(clearedCount, 'time')} an endpoint was ejected again without having been put back: a changed DestinationRule ` +
        'or a restart clears ejections without a line, or lines are lost.',
    );
  }
  if (steps > 0) {
    remarks.push(
      "The gateway's clock was set: the timestamps of an ejection and its end do not agree with the seconds in the lines.",
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

/** How far an elapsed time is from all times that are `seconds` when rounded down, ms; 0 if it is one of them. */
function off(elapsedMs: number, seconds: number): number {
  return Math.max(seconds * SECOND_MS - elapsedMs, elapsedMs - (seconds + 1) * SECOND_MS, 0);
}

/** Envoy's outlier event log as the truth of a run: what was ejected, and when that reached the traffic. */
import { readFileSync } from 'node:fs';
import { MergedHosts } from '../../src/lab/embedded/merged-hosts.js';

export interface LoggedEvent {
  /** On the run clock. */
  readonly atMs: number;
  readonly address: string;
  readonly out: boolean;
}

/** An endpoint's absence by the log and Envoy's merging of host-set changes. Times in ms on the run clock. */
export interface LoggedWindow {
  readonly address: string;
  /** When it took effect. */
  readonly outMs: number;
  /** Null: not before the end of the log. */
  backMs: number | null;
}

/** Enforced ejections and returns of a cluster, in the order of the log. `startedAtMs`: the run clock's 0, since 1970. */
export function readEventLog(file: string, cluster: string, startedAtMs: number): LoggedEvent[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => {
    if (line === '') return [];
    const event = JSON.parse(line) as Record<string, unknown>;
    const out = event.action === 'EJECT';
    if (event.cluster_name !== cluster || (out && event.enforced !== true)) return [];
    return [
      { atMs: Date.parse(String(event.timestamp)) - startedAtMs, address: String(event.upstream_url), out },
    ];
  });
}

/** Times in ms. */
export interface MaxLate {
  readonly timersMs: number;
  /** Requests may be seen at a pod so much after its ejection took effect, or before the log says that it is back. */
  readonly arrivalsMs: number;
}

/**
 * When the ejections of one cluster took effect. Sweeps and merging both use whole seconds, so a change often comes 1,000 ms
 * after another, or just when a timer fires. Then the log's times do not show whether it took effect at once or a second
 * later, and the arrivals at the pod decide.
 *
 * @param arrivalsMs arrivals at an address, in order
 * @param maxLate by how much Envoy's timers, and the times of arrivals, may be late; more on a busy machine
 */
export function effectiveWindows(
  events: readonly LoggedEvent[],
  arrivalsMs: (address: string) => readonly number[],
  maxLate: MaxLate = { timersMs: 5, arrivalsMs: 20 },
): LoggedWindow[] {
  const shiftsMs = SHIFTS_MS.filter((shiftMs) => Math.abs(shiftMs) <= maxLate.timersMs);
  const endMs = Math.max(
    ...events.map(({ address }) => arrivalsMs(address).at(-1) ?? Number.NEGATIVE_INFINITY),
  );
  const settled: LoggedEvent[] = [];
  for (const [i, event] of events.entries()) {
    const next = events[i + 1];
    const ways = shiftsMs.map((shiftMs) => {
      const way = { ...event, atMs: Math.max(event.atMs + shiftMs, settled.at(-1)?.atMs ?? event.atMs - 10) };
      return { way, shiftMs, effectMs: effectOf(way, settled, next) };
    });
    const told = ways[0] as (typeof ways)[number];
    const seenMs = event.out
      ? lastArrival(arrivalsMs(event.address), event.atMs)
      : firstArrival(arrivalsMs(event.address), event.atMs);
    const off = ({ effectMs }: typeof told) => {
      if (effectMs === null) return Number.POSITIVE_INFINITY;
      // A return that no request shows took effect at the end of the load, or later.
      if (seenMs === null) return event.out ? Number.POSITIVE_INFINITY : Math.max(0, endMs - effectMs);
      // Requests come until the effect of an ejection, and from that of a return on.
      const beforeMs = event.out ? effectMs - seenMs : seenMs - effectMs;
      return beforeMs < -maxLate.arrivalsMs ? Number.POSITIVE_INFINITY : Math.abs(beforeMs);
    };
    // A shift moves a change that takes effect at once by as much: only what it explains beyond that counts.
    const best = ways.reduce((a, b) => (off(b) < off(a) - DIFFERENT_MS - Math.abs(b.shiftMs) ? b : a), told);
    settled.push(best.way);
  }
  return windowsOf(settled);
}

/**
 * The log may differ by so much from the times that Envoy compared. A timer that is late by some time is like an event that
 * is earlier by as much. The least shift that explains the arrivals is taken.
 */
const SHIFTS_MS = [0, -2, 2, -5, 5, -10, -20, -50];
/** Ways that differ by less are the same. */
const DIFFERENT_MS = 10;
/** A pod that gets nothing for so long is out. */
const SILENT_MS = 300;

/** The last request before the pod fell silent at some time from `atMs` on; null when it did not in the time of two merges. */
function lastArrival(arrivalsMs: readonly number[], atMs: number): number | null {
  for (const [i, arrivedMs] of arrivalsMs.entries()) {
    if (arrivedMs > atMs + 2000) return null;
    const nextMs = arrivalsMs[i + 1] ?? Number.POSITIVE_INFINITY;
    if (nextMs > atMs + SILENT_MS && nextMs - arrivedMs > SILENT_MS) return arrivedMs;
  }
  return null;
}

function firstArrival(arrivalsMs: readonly number[], atMs: number): number | null {
  return arrivalsMs.find((arrivedMs) => arrivedMs > atMs - DIFFERENT_MS) ?? null;
}

/**
 * When by the model an event takes effect that follows others; null when it changes nothing.
 *
 * @param next the event after it, with which it may take effect earlier
 */
function effectOf(
  event: LoggedEvent,
  before: readonly LoggedEvent[],
  next: LoggedEvent | undefined,
): number | null {
  const last = (events: readonly LoggedEvent[]) =>
    windowsOf(events).findLast(({ address }) => address === event.address);
  const after = next === undefined || next.address === event.address ? [] : [next];
  const [known, now] = [last(before), last([...before, event, ...after])];
  if (event.out) return now === undefined || now.outMs === known?.outMs ? null : now.outMs;
  return now === undefined || now.outMs !== known?.outMs ? null : now.backMs;
}

/** What becomes of these, when nothing follows. */
function windowsOf(events: readonly LoggedEvent[]): LoggedWindow[] {
  const windows: LoggedWindow[] = [];
  const open = new Map<string, LoggedWindow>();
  const hosts = new MergedHosts(({ atMs, host, healthy }) => {
    if (healthy) {
      (open.get(host) as LoggedWindow).backMs = atMs;
      return;
    }
    const window = { address: host, outMs: atMs, backMs: null };
    open.set(host, window);
    windows.push(window);
  });
  for (const { atMs, address, out } of events) hosts.change(address, !out, atMs);
  hosts.advance(Number.MAX_VALUE);
  return windows;
}

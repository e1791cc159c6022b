/** Finds the client's window for each of the gateway's, and the endpoint's name for each address. */

import { isIP } from 'node:net';
import type { Span } from '../../blocks/gateway-observations.js';
import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';
import type { EjectionWindow } from '../ejections/result.js';
import { SLACK_MS } from '../envoy-timing.js';

/** An absence by the gateway's word, on the run clock, ms. */
export interface Told {
  readonly cluster: string;
  /** Null: names do not tell. */
  readonly version: string | null;
  readonly address: string;
  /** Null: before the run, or before it was first asked. */
  readonly ejectedMs: Span | null;
  /** Null: not before the end, or not known. */
  readonly unejectedMs: Span | null;
  /** Which log or interface says so: one of them tells an absence once. */
  readonly source: string;
  /** It was only looked at now and then: between two looks it may have been back. */
  readonly glimpsed: boolean;
}

export interface Match {
  /** Indices into the client's windows, by time: none, one, or several between which it was back unseen. */
  readonly windows: readonly number[];
  /** Another absence of the gateway's has the same window: the client saw no request between them. */
  readonly shared: boolean;
  readonly endpoint: string | null;
}

/** An absence that, when no end is known, may have ended after some time. */
interface Bounded extends Told {
  readonly mayEndAfterMs: number;
}

/** How well times fit: both ends 2, one end 1, and then 0 for windows that only overlap. */
interface Fit {
  readonly ends: number;
  /** How far the times lie apart, ms. */
  readonly apartMs: number;
}

/**
 * @param absences by the gateway's word
 * @param logUntilMs the log may lack what happened later: an absence without an end may have ended then; null: it is complete
 * @returns a match for each absence
 */
export function matchWindows(
  absences: readonly Told[],
  windows: readonly EjectionWindow[],
  logUntilMs: number | null,
): Match[] {
  const told = absences.map(
    (absence): Bounded => ({
      ...absence,
      mayEndAfterMs:
        absence.glimpsed || logUntilMs === null ? Number.POSITIVE_INFINITY : logUntilMs - SLACK_MS,
    }),
  );
  const names = learnNames(told, windows);
  const named = new Set([...names.values()].map(({ endpoint }) => endpoint));
  // What can be the same endpoint as far as names tell.
  const mayBe = (absence: Told, { version, endpoint }: EjectionWindow): boolean => {
    if (absence.version !== null && absence.version !== version) return false;
    const name = names.get(keyOf(absence));
    return name === undefined ? !isAddress(endpoint) && !named.has(endpoint) : name.endpoint === endpoint;
  };
  const pairs = told.flatMap((absence, index) =>
    windows.flatMap((window, at) => {
      if (!mayBe(absence, window)) return [];
      const found = fit(absence, window);
      if (found === null || (found.ends === 0 && !names.has(keyOf(absence)))) return [];
      return [{ index, at, ...found }];
    }),
  );
  pairs.sort(byFit);
  const taken = new Set<string>();
  const matched = new Map<number, { at: number; shared: boolean }>();
  for (const { index, at } of pairs) {
    const key = `${at} ${told[index]?.source}`;
    if (matched.has(index) || taken.has(key)) continue;
    taken.add(key);
    matched.set(index, { at, shared: false });
  }
  for (const { index, at } of pairs) if (!matched.has(index)) matched.set(index, { at, shared: true });
  return told.map((absence, index) => {
    const found = matched.get(index);
    const name = names.get(keyOf(absence));
    const endpoint = name?.sure === true ? name.endpoint : null;
    const within = !absence.glimpsed
      ? []
      : windows.flatMap((window, at) => (mayBe(absence, window) && isWithin(window, absence) ? [at] : []));
    const all = [...new Set([...(found === undefined ? [] : [found.at]), ...within])].sort((a, b) => a - b);
    return { windows: all, shared: found?.shared ?? false, endpoint };
  });
}

interface Name {
  readonly endpoint: string;
  /** No other name fits as well. */
  readonly sure: boolean;
}

/**
 * The endpoints' names by address: the address itself where responses tell it, else the one whose windows fit best
 * in time, each name for one address of a cluster.
 */
function learnNames(told: readonly Bounded[], windows: readonly EjectionWindow[]): Map<string, Name> {
  const names = new Map<string, Name>();
  const ofEndpoint = new Map<string, EjectionWindow[]>();
  for (const window of windows) {
    ofEndpoint.set(window.endpoint, [...(ofEndpoint.get(window.endpoint) ?? []), window]);
  }
  for (const absence of told) {
    const own = [...ofEndpoint.keys()].filter((endpoint) => isAddressOf(endpoint, absence.address));
    if (own.length === 1) names.set(keyOf(absence), { endpoint: own[0] as string, sure: true });
  }
  const scores = new Map<string, Score>();
  for (const absence of told) {
    const address = keyOf(absence);
    if (names.has(address)) continue;
    for (const [endpoint, its] of ofEndpoint) {
      if (isAddress(endpoint)) continue;
      const best = bestFit(absence, its);
      if (best === null || best.ends === 0) continue;
      const key = `${address}\n${endpoint}`;
      const { cluster } = absence;
      const known = scores.get(key) ?? { cluster, address, endpoint, ends: 0, apartMs: 0 };
      scores.set(key, { ...known, ends: known.ends + best.ends, apartMs: known.apartMs + best.apartMs });
    }
  }
  const sorted = [...scores.values()].sort(byFit);
  const used = new Set<string>();
  const isFree = ({ cluster, address, endpoint }: Score) =>
    !names.has(address) && !used.has(`${cluster}\n${endpoint}`);
  for (const score of sorted) {
    if (!isFree(score)) continue;
    const { cluster, address, endpoint, ends } = score;
    const rival = sorted.some(
      (other) =>
        other.ends === ends &&
        other.cluster === cluster &&
        (other.address === address) !== (other.endpoint === endpoint) &&
        isFree(other),
    );
    used.add(`${cluster}\n${endpoint}`);
    names.set(address, { endpoint, sure: !rival });
  }
  return names;
}

interface Score extends Fit {
  readonly cluster: string;
  /** The address in its cluster, as {@link keyOf}. */
  readonly address: string;
  readonly endpoint: string;
}

function bestFit(absence: Bounded, windows: readonly EjectionWindow[]): Fit | null {
  let best: Fit | null = null;
  for (const window of windows) {
    if (absence.version !== null && absence.version !== window.version) continue;
    const found = fit(absence, window);
    if (found !== null && (best === null || byFit(found, best) < 0)) best = found;
  }
  return best;
}

function byFit(a: Fit, b: Fit): number {
  return b.ends - a.ends || a.apartMs - b.apartMs;
}

/** Whether what the client saw lies within what the gateway said, changes that come late included. */
function isWithin(window: EjectionWindow, { ejectedMs, unejectedMs }: Told): boolean {
  const from = ejectedMs?.[0] ?? Number.NEGATIVE_INFINITY;
  const to = unejectedMs?.[1] ?? Number.POSITIVE_INFINITY;
  return (
    startOf(window)[1] >= from - SLACK_MS &&
    endOf(window)[0] <= to + MERGE_WINDOW_MS + SLACK_MS &&
    window.startMs !== null
  );
}

/** How the times of both fit; null when they have nothing to do with each other. */
function fit(absence: Bounded, window: EjectionWindow): Fit | null {
  const start = endFit(absence.ejectedMs, startOf(window), ([lo]) => lo === Number.NEGATIVE_INFINITY);
  const end = endFit(absence.unejectedMs, endOf(window), ([, hi]) => hi >= absence.mayEndAfterMs);
  const ends = Number(start === 0) + Number(end === 0);
  // Between these times it is out for certain, for the one as for the other.
  const from = Math.max(absence.ejectedMs?.[1] ?? Number.NEGATIVE_INFINITY, window.startBoundsMs[1]);
  const to = Math.min(
    (absence.unejectedMs?.[0] ?? Number.POSITIVE_INFINITY) + MERGE_WINDOW_MS,
    window.endBoundsMs[0],
  );
  if (ends < 2 && to < from) return null;
  const apartMs = Math.min(start, APART_MS) + Math.min(end, APART_MS);
  return { ends, apartMs: apartMs + Math.min(APART_MS, middleApart(absence, window)) / APART_MS };
}

/** Differences above this are all the same: an hour. */
const APART_MS = 3_600_000;

/**
 * Distance from what the gateway says to what the client saw, 0 when the one explains the other.
 *
 * @param isOpen whether what was seen fits a time that the gateway does not say
 */
function endFit(said: Span | null, seen: Span, isOpen: (seen: Span) => boolean): number {
  if (said === null) return isOpen(seen) ? 0 : Number.POSITIVE_INFINITY;
  return Math.max(0, said[0] - SLACK_MS - seen[1], seen[0] - (said[1] + MERGE_WINDOW_MS + SLACK_MS));
}

function middleApart({ ejectedMs, unejectedMs }: Told, { startMs, endMs }: EjectionWindow): number {
  const start = ejectedMs === null || startMs === null ? 0 : Math.abs(startMs - ejectedMs[0]);
  return start + (unejectedMs === null || endMs === null ? 0 : Math.abs(endMs - unejectedMs[0]));
}

/** When the client's window began, infinite where it is not bounded. */
export function startOf({ startBoundsMs: [lo, hi] }: EjectionWindow): Span {
  return [lo ?? Number.NEGATIVE_INFINITY, hi];
}

/** When it ended. */
export function endOf({ endBoundsMs: [lo, hi] }: EjectionWindow): Span {
  return [lo, hi ?? Number.POSITIVE_INFINITY];
}

/** An endpoint of a cluster. */
function keyOf({ cluster, address }: Told): string {
  return `${cluster}\n${address}`;
}

/** Whether a label is an address, which stands for that address only. */
function isAddress(label: string): boolean {
  return isIP(hostOf(label)) !== 0;
}

function isAddressOf(label: string, address: string): boolean {
  return label === address || (isIP(label) !== 0 && label === hostOf(address));
}

/** `10.0.3.17` of `10.0.3.17:8080`, `::1` of `[::1]:8080`. */
function hostOf(address: string): string {
  if (isIP(address) !== 0) return address;
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

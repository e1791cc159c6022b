/** Compares what the gateway reports with what the client saw: the part `gateway` of the result. */

import type { GatewayObservations, Span } from '../../blocks/gateway-observations.js';
import { type LoggedEjection, loggedEjections } from '../../gateway/log-ejections.js';
import type { FoundEjections } from '../ejections/ejections-result.js';
import type { EjectionsResult, EjectionWindow, GatewayView, GatewayWindow } from '../ejections/result.js';
import { clockOffset, type Offset } from './clock-offset.js';
import { type ClusterMeans, clusterVersions } from './cluster-versions.js';
import { explainDifferences } from './explain-differences.js';
import { type Match, matchWindows } from './match-windows.js';
import { mergeLogAndAdmin } from './merge-sources.js';
import { foreignRemarks, incompleteRemarks, offsetRemarks } from './remarks.js';
import { clippedToRun, fromAdmin, fromLog, type ReportedEjection } from './reported-ejection.js';
import { settledWindows } from './settled-windows.js';
import { sightingsOf } from './sightings.js';
import { explainClientOnly, type Surroundings } from './why-not-seen.js';

/** What the run itself knows. */
export interface ClientSide {
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** From the due time of the first request to the last response, ms on the run clock. */
  readonly spanMs: Span;
  /** Versions that the run lists. */
  readonly versions: readonly string[];
}

/**
 * Adds the gateway's view to the ejections. Windows that the gateway also reports get the `source` `client+gateway`; their
 * times do not change. Where it decides what a window is, or how long it lasted, the windows are compared with the rules again.
 */
export function withGatewayView(
  { result: ejections, compare }: FoundEjections,
  observations: GatewayObservations,
  client: ClientSide,
): EjectionsResult {
  const { windows, visibility } = ejections;
  const { log, admins } = observations;
  const reports = reportsOf(observations, windows, client);
  const { reported, all, offset, completeUntilMs } = reports;
  const unknownAfterMs =
    completeUntilMs === null || completeUntilMs >= client.spanMs[1] ? null : Math.max(0, completeUntilMs);
  const matches = matchWindows(reported, windows, unknownAfterMs);
  const surroundings: Surroundings = {
    reported,
    spanMs: client.spanMs,
    completeUntilMs,
    visibility: new Map(visibility.map((one) => [one.version, one])),
    admins: admins.length,
  };
  const isMatched = new Set(matches.flatMap((match) => match.windows));
  const clientOnly = windows.filter((_, i) => !isMatched.has(i));
  const isWatched = log !== null || admins.some(({ looks }) => looks > 0);
  const view: GatewayView = {
    windows: reported.map((ejection, i) => toWindow(ejection, matches[i] as Match, windows, surroundings)),
    clockOffsetMs: offset === null ? null : { estimate: offset.estimate, bounds: offset.bounds },
    unknownAfterMs,
    counters: countersOf(observations),
    // Remarks on the clock come first, since all times depend on it and a report may show only some remarks.
    remarks: [
      ...(log === null ? [] : offsetRemarks(offset, windows, reports.logged)),
      ...incompleteRemarks(unknownAfterMs),
      ...(log?.remarks ?? []),
      ...reports.remarks,
      ...admins.flatMap((admin) => admin.remarks),
      ...foreignRemarks(all, reports.means),
      ...(isWatched ? explainClientOnly(clientOnly, unknownAfterMs) : []),
    ],
  };
  const compared = compare(settledWindows(windows, reported, matches));
  return {
    ...ejections,
    rules: compared.rules,
    windows: compared.windows.map((window, i) =>
      isMatched.has(i) ? { ...window, source: 'client+gateway' } : window,
    ),
    gateway: view,
  };
}

interface Reports {
  /** Ejections of the run's versions, each once, in order of start. */
  readonly reported: readonly ReportedEjection[];
  /** All ejections as each source reports them, including other clusters. */
  readonly all: readonly ReportedEjection[];
  /** Those of the log. */
  readonly logged: readonly ReportedEjection[];
  readonly means: ReadonlyMap<string, ClusterMeans>;
  /** Null: not known. */
  readonly offset: Offset | null;
  /** From this time on the log may lack lines; null: there is no log. */
  readonly completeUntilMs: number | null;
  /** On the lines of the log. */
  readonly remarks: readonly string[];
}

/** What log and admin interfaces report during the run, on the run clock. */
function reportsOf(
  observations: GatewayObservations,
  windows: readonly EjectionWindow[],
  { startedAtUs, spanMs, versions }: ClientSide,
): Reports {
  const { log, admins } = observations;
  const paired = loggedEjections(log?.events ?? []);
  const byLogClock = paired.ejections.map((ejection) => earlier(ejection, startedAtUs / 1000));
  const means = clusterVersions(
    [...byLogClock, ...admins.flatMap(({ absences }) => absences)].map(({ cluster }) => cluster),
    versions,
  );
  const isOfRun = ({ cluster }: { readonly cluster: string }) => means.get(cluster)?.kind !== 'foreign';
  const offset = clockOffset(sightingsOf(byLogClock.filter(isOfRun), windows, observations, means));
  const byRunClock = byLogClock.map((ejection) => earlier(ejection, offset?.estimate ?? 0));
  const logged = byRunClock.flatMap((ejection) => clippedToRun(fromLog(ejection, means), spanMs));
  const looked = admins.flatMap(({ absences, url }) =>
    absences.flatMap((ejection) => clippedToRun(fromAdmin(ejection, url, means), spanMs)),
  );
  const all = [...logged, ...looked];
  const reported = mergeLogAndAdmin(all.filter(isOfRun));
  reported.sort((a, b) => (a.ejectedMs?.[0] ?? -1) - (b.ejectedMs?.[0] ?? -1));
  const completeUntilMs = log === null ? null : completeUntil(log.completeUntilMs, byRunClock, offset);
  return { reported, all, logged, means, offset, completeUntilMs, remarks: paired.remarks };
}

/** @param windows the client's windows */
function toWindow(
  ejection: ReportedEjection,
  match: Match,
  windows: readonly EjectionWindow[],
  surroundings: Surroundings,
): GatewayWindow {
  const seen = match.windows.map((at) => windows[at] as EjectionWindow);
  return {
    cluster: ejection.cluster,
    address: ejection.address,
    endpoint: match.endpoint,
    ejectedMs: pair(ejection.ejectedMs),
    unejectedMs: pair(ejection.unejectedMs),
    from: ejection.from,
    window: match.windows[0] ?? null,
    windows: [...match.windows],
    differenceMs: {
      start: difference(seen[0]?.startMs ?? null, ejection.ejectedMs),
      end: difference(seen.at(-1)?.endMs ?? null, ejection.unejectedMs),
    },
    explanation: explainDifferences(ejection, seen, match, surroundings),
  };
}

/** The ejection by a clock that is `ms` behind. */
function earlier(ejection: LoggedEjection, ms: number): LoggedEjection {
  const move = (span: Span | null): Span | null => (span === null ? null : [span[0] - ms, span[1] - ms]);
  return { ...ejection, ejectedMs: move(ejection.ejectedMs), unejectedMs: move(ejection.unejectedMs) };
}

/** Up to which time the log is complete, ms. Envoy writes lines in order, so none is missing before the last one. */
function completeUntil(atLeastMs: number, logged: readonly LoggedEjection[], offset: Offset | null): number {
  const uncertainMs = offset === null ? 0 : offset.bounds[1] - offset.estimate;
  const lastMs = logged.reduce(
    (ms, { ejectedMs, unejectedMs }) => Math.max(ms, ejectedMs?.[0] ?? ms, unejectedMs?.[0] ?? ms),
    Number.NEGATIVE_INFINITY,
  );
  return Math.max(atLeastMs, lastMs - uncertainMs);
}

function pair(span: Span | null): [number, number] | null {
  return span === null ? null : [span[0], span[1]];
}

function difference(seenMs: number | null, reported: Span | null): number | null {
  return seenMs === null || reported === null ? null : seenMs - (reported[0] + reported[1]) / 2;
}

/** The sums over all interfaces; null: none keeps counters. */
function countersOf({ admins }: GatewayObservations): GatewayView['counters'] {
  if (admins.every(({ counters }) => counters === null)) return null;
  const sums = new Map<string, Record<string, number>>();
  for (const { counters } of admins) {
    for (const [cluster, values] of Object.entries(counters ?? {})) {
      const sum = sums.get(cluster) ?? {};
      for (const [name, n] of Object.entries(values)) sum[name] = (sum[name] ?? 0) + n;
      sums.set(cluster, sum);
    }
  }
  return Object.fromEntries(sums);
}

/** Lays what the gateway said beside what the client saw, and explains where they differ. */

import type { GatewayObservations, Span } from '../../blocks/gateway-observations.js';
import { type LoggedEjection, loggedEjections } from '../../gateway/log-ejections.js';
import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';
import { counted } from '../../text/numbers.js';
import type {
  EjectionsResult,
  EjectionWindow,
  GatewayView,
  GatewayWindow,
  Visibility,
} from '../ejections/result.js';
import { type Candidates, clockOffset, type Offset } from './clock-offset.js';
import { type ClusterMeans, clusterVersions } from './cluster-versions.js';
import { explain, explainClientOnly, type Surroundings } from './explain-differences.js';
import { endOf, matchWindows, startOf } from './match-windows.js';
import { fromAdmin, fromLog, inRun, mergeLogAndAdmin, type ReportedEjection } from './reported-ejection.js';

/** What the run knows beside the gateway's word. */
export interface ClientSide {
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** First request due to last response, ms on the run clock. */
  readonly spanMs: Span;
  /** Versions that the run lists. */
  readonly versions: readonly string[];
}

/**
 * The ejections with the gateway's view, and with `source` on the windows that the gateway tells of too. No time of a
 * client's window changes.
 */
export function withGatewayView(
  ejections: EjectionsResult,
  observations: GatewayObservations,
  client: ClientSide,
): EjectionsResult {
  const { view, windows } = gatewayView(ejections, observations, client);
  return { ...ejections, windows, gateway: view };
}

function gatewayView(
  { windows, visibility }: Pick<EjectionsResult, 'windows' | 'visibility'>,
  observations: GatewayObservations,
  client: ClientSide,
): { view: GatewayView; windows: EjectionWindow[] } {
  const { log, admins } = observations;
  const remarks: string[] = [];
  const startMs = client.startedAtUs / 1000;
  const paired = loggedEjections(log?.events ?? []);
  const logged = paired.absences.map((absence) => moved(absence, startMs));
  const means = clusterVersions(
    [...logged, ...admins.flatMap(({ absences }) => absences)].map(({ cluster }) => cluster),
    client.versions,
  );
  const ofRun = ({ cluster }: { cluster: string }) => means.get(cluster)?.kind !== 'foreign';
  const offset = clockOffset(candidates(logged.filter(ofRun), windows, observations, means));
  const byRunClock = logged.map((absence) => moved(absence, offset?.estimate ?? 0));
  const toldByLog = byRunClock.flatMap((absence) => inRun(fromLog(absence, means), client.spanMs));
  const told: ReportedEjection[] = [...toldByLog];
  for (const admin of admins) {
    const absences = admin.absences.flatMap((absence) =>
      inRun(fromAdmin(absence, admin.url, means), client.spanMs),
    );
    told.push(...absences);
  }
  const known = mergeLogAndAdmin(told.filter(ofRun));
  known.sort((a, b) => (a.ejectedMs?.[0] ?? -1) - (b.ejectedMs?.[0] ?? -1));
  const completeUntilMs = log === null ? null : completeUntil(log.completeUntilMs, byRunClock, offset);
  const unknownAfterMs =
    completeUntilMs === null || completeUntilMs >= client.spanMs[1] ? null : Math.max(0, completeUntilMs);
  const matches = matchWindows(known, windows, unknownAfterMs);
  const surroundings: Surroundings = {
    told: known,
    spanMs: client.spanMs,
    completeUntilMs,
    visibility: new Map(visibility.map((one): [string, Visibility] => [one.version, one])),
    admins: admins.length,
  };
  const rows = known.map((absence, i): GatewayWindow => {
    const match = matches[i] as (typeof matches)[number];
    const seen = match.windows.map((at) => windows[at] as EjectionWindow);
    return {
      cluster: absence.cluster,
      address: absence.address,
      endpoint: match.endpoint,
      ejectedMs: pair(absence.ejectedMs),
      unejectedMs: pair(absence.unejectedMs),
      from: absence.from,
      window: match.windows[0] ?? null,
      windows: [...match.windows],
      differenceMs: {
        start: difference(seen[0]?.startMs ?? null, absence.ejectedMs),
        end: difference(seen.at(-1)?.endMs ?? null, absence.unejectedMs),
      },
      explanation: explain(absence, seen, match, surroundings),
    };
  });
  const matched = new Set(matches.flatMap((match) => match.windows));
  // First what all times depend on: a report may show only some of the remarks.
  if (log !== null) remarks.push(...offsetRemarks(offset, windows, toldByLog));
  if (unknownAfterMs !== null) remarks.push(tailRemark(unknownAfterMs));
  remarks.push(...(log?.remarks ?? []), ...paired.remarks, ...admins.flatMap((admin) => admin.remarks));
  remarks.push(...foreignRemarks(told, means));
  const alone = windows.filter((_, i) => !matched.has(i));
  if (log !== null || admins.some(({ looks }) => looks > 0))
    remarks.push(...explainClientOnly(alone, unknownAfterMs));
  return {
    view: {
      windows: rows,
      clockOffsetMs: offset === null ? null : { estimate: offset.estimate, bounds: offset.bounds },
      unknownAfterMs,
      counters: countersOf(observations),
      remarks,
    },
    windows: windows.map((window, i) => (matched.has(i) ? { ...window, source: 'client+gateway' } : window)),
  };
}

/** The absence as a clock tells it that shows `ms` less. */
function moved(absence: LoggedEjection, ms: number): LoggedEjection {
  const move = (span: Span | null): Span | null => (span === null ? null : [span[0] - ms, span[1] - ms]);
  return { ...absence, ejectedMs: move(absence.ejectedMs), unejectedMs: move(absence.unejectedMs) };
}

/** What in the log can be what was seen: by the client, or by an admin interface, whose times are on the run clock. */
function candidates(
  logged: readonly LoggedEjection[],
  windows: readonly EjectionWindow[],
  { admins }: GatewayObservations,
  means: ReadonlyMap<string, ClusterMeans>,
): Candidates[] {
  const mayBe = (absence: LoggedEjection, { version, endpoint }: EjectionWindow) => {
    const meant = means.get(absence.cluster);
    if (meant?.kind === 'version' && meant.version !== version) return false;
    return !/^[[\d].*:\d+$/.test(endpoint) || endpoint === absence.address;
  };
  const seen: Candidates[] = windows.map((window) => ({
    sighting: { by: 'client', startMs: startOf(window), endMs: endOf(window), lateMs: MERGE_WINDOW_MS },
    logged: logged.filter((absence) => mayBe(absence, window)),
  }));
  const looked = admins
    .flatMap(({ absences }) => absences)
    .map(
      ({ cluster, address, ejectedMs, unejectedMs }): Candidates => ({
        sighting: {
          by: 'admin',
          startMs: ejectedMs ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
          endMs: unejectedMs ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
          lateMs: 0,
        },
        logged: logged.filter((one) => one.cluster === cluster && one.address === address),
      }),
    );
  return [...seen, ...looked];
}

/** A line tells that all before it is written. */
function completeUntil(atLeastMs: number, logged: readonly LoggedEjection[], offset: Offset | null): number {
  const uncertain = offset === null ? 0 : offset.bounds[1] - offset.estimate;
  const last = logged.reduce(
    (ms, { ejectedMs, unejectedMs }) => Math.max(ms, ejectedMs?.[0] ?? ms, unejectedMs?.[0] ?? ms),
    Number.NEGATIVE_INFINITY,
  );
  return Math.max(atLeastMs, last - uncertain);
}

function pair(span: Span | null): [number, number] | null {
  return span === null ? null : [span[0], span[1]];
}

function difference(seenMs: number | null, told: Span | null): number | null {
  return seenMs === null || told === null ? null : seenMs - (told[0] + told[1]) / 2;
}

/** Of all interfaces together; null when none keeps any. */
function countersOf({ admins }: GatewayObservations): GatewayView['counters'] {
  const sums = new Map<string, Record<string, number>>();
  for (const { counters } of admins) {
    for (const [cluster, values] of Object.entries(counters ?? {})) {
      const sum = sums.get(cluster) ?? {};
      for (const [name, n] of Object.entries(values)) sum[name] = (sum[name] ?? 0) + n;
      sums.set(cluster, sum);
    }
  }
  return admins.some(({ counters }) => counters !== null) ? Object.fromEntries(sums) : null;
}

function foreignRemarks(
  told: readonly ReportedEjection[],
  means: ReadonlyMap<string, ClusterMeans>,
): string[] {
  const foreign = told.filter(({ cluster }) => means.get(cluster)?.kind === 'foreign');
  const clusters = [...new Set(foreign.map(({ cluster }) => cluster))];
  const [first] = clusters;
  if (first === undefined) return [];
  const others = clusters.length === 1 ? '' : ` and ${counted(clusters.length - 1, 'other cluster')}`;
  return [
    `${counted(foreign.length, 'ejection')} in ${first}${others} left out: by their names these are not the versions of this run.`,
  ];
}

function offsetRemarks(
  offset: Offset | null,
  windows: readonly EjectionWindow[],
  told: readonly ReportedEjection[],
): string[] {
  if (offset === null) {
    if (told.length === 0) return [];
    const why =
      windows.length === 0 ? 'the client saw no absence' : 'too little in it fits what the client saw';
    return [
      `By how much the event log's clock differs from this machine's is not known, since ${why}: its times are taken as they are.`,
    ];
  }
  const { estimate, bounds } = offset;
  if (estimate === 0) return [];
  return [
    `The event log's clock is about ${ms(Math.abs(estimate))} ${estimate > 0 ? 'ahead of' : 'behind'} this machine's (between ` +
      `${ms(bounds[0])} and ${ms(bounds[1])}); its times were corrected by that.`,
  ];
}

function tailRemark(unknownAfterMs: number): string {
  return `After ${(unknownAfterMs / 1000).toFixed(2)} s the event log may lack lines: Envoy keeps them back for up to 10 s by default.`;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

/** From what the watches found to the part of the result that tells it. */
import type { EjectionRule } from '../../plan/plan.js';
import { NONE } from '../version-slots.js';
import type { Burst, ErrorBursts, RefusalBursts } from './detect/error-bursts.js';
import type { FailureState } from './detect/failure-streak.js';
import type { Gap } from './detect/route-watch.js';
import type { VersionWatch } from './detect/version-watch.js';
import type { BoundedWindow } from './detect/window-bounds.js';
import type { Slices } from './endpoint-timeline.js';
import type {
  EjectionsResult,
  EjectionTrigger,
  EjectionWindow,
  VersionEpisode,
  Visibility,
} from './result.js';
import { againstRules } from './rules/compare-with-rules.js';
import type { FailureRow } from './rules/streak-record.js';

/** Without a rule an absence as long as this should be told. */
const SHORT_MS = 1_000;

export interface Found {
  /** Of versions by slot, of endpoints by label. */
  readonly names: readonly string[];
  readonly endpoints: readonly string[];
  readonly rules: readonly EjectionRule[];
  readonly watches: ReadonlyMap<number, VersionWatch>;
  /** By slot. */
  readonly windows: ReadonlyMap<number, readonly BoundedWindow[]>;
  readonly gaps: readonly Gap[];
  readonly errors: ReadonlyMap<number, ErrorBursts>;
  readonly refusals: ReadonlyMap<number, RefusalBursts>;
  readonly slices: Slices;
  /** Requests sent. */
  readonly requests: number;
  /** From the first to the last sending. */
  readonly spanMs: number;
  /** Requests that came too late to be put in order. */
  readonly late: number;
}

export function ejectionsResult(found: Found): EjectionsResult {
  const windows = [...found.watches.values()]
    .flatMap((watch) => windowsOf(found, watch))
    // A request that came too late may have filled a gap: then only 5xx of its own tell.
    .filter(({ kind }) => found.late === 0 || kind === 'ejected')
    .sort(
      (a, b) =>
        (a.startMs ?? 0) - (b.startMs ?? 0) ||
        compare(a.version, b.version) ||
        compare(a.endpoint, b.endpoint),
    );
  const against = againstRules({
    windows,
    rows: failureRows(found),
    endpointsSeen: new Map([...found.watches].map(([slot, watch]) => [name(found, slot), watch.size])),
    rules: found.rules,
  });
  return {
    windows: against.windows,
    episodes: episodesOf(found),
    visibility: [...found.watches.values()]
      .map((watch) => visibilityOf(found, watch))
      .sort((a, b) => compare(a.version, b.version)),
    rules: against.rules,
    timeline: {
      sliceMs: found.slices.sliceMs,
      rows: found.slices
        .result([...found.windows.values()].flat())
        .filter(({ slot }) => found.watches.has(slot))
        .map(({ slot, endpoint, slices }) => ({
          version: name(found, slot),
          endpoint: endpointName(found, endpoint),
          slices,
        }))
        .sort((a, b) => compare(a.version, b.version) || compare(a.endpoint, b.endpoint)),
    },
    gateway: null,
    remarks: remarksOn(found),
  };
}

/** 5xx in a row that filled a rule's count, or without a rule any. */
function failureRows(found: Found): FailureRow[] {
  return [...found.watches.values()].flatMap((watch) =>
    watch.rows.map(({ endpoint, state, endedBy }) => ({
      version: name(found, watch.slot),
      endpoint: endpointName(found, endpoint),
      consecutive: state.consecutive,
      statuses: statusesOf(state),
      firstErrorMs: state.firstSendUs / 1000,
      lastErrorMs: state.lastSeenUs / 1000,
      triggerMs: state.trigger === null ? null : state.trigger.seenUs / 1000,
      cause: state.trigger?.cause ?? null,
      endedBy,
    })),
  );
}

function windowsOf(found: Found, watch: VersionWatch): EjectionWindow[] {
  const all = found.windows.get(watch.slot) ?? [];
  return all.map((window) => windowOf(found, watch, window, all));
}

function windowOf(
  found: Found,
  watch: VersionWatch,
  window: BoundedWindow,
  all: readonly BoundedWindow[],
): EjectionWindow {
  const { raw, startUs, startBoundsUs, endUs, endBoundsUs } = window;
  const { failures } = raw;
  const trigger = failures?.trigger ?? null;
  const leaked = failures === null || trigger === null ? null : failures.consecutive - trigger.position;
  return {
    version: name(found, raw.slot),
    endpoint: endpointName(found, raw.endpoint),
    kind: raw.kind,
    startMs: ms(startUs),
    startBoundsMs: [ms(startBoundsUs[0]), startBoundsUs[1] / 1000],
    endMs: ms(endUs),
    endBoundsMs: [endBoundsUs[0] / 1000, ms(endBoundsUs[1])],
    durationMs: startUs === null || endUs === null ? null : (endUs - startUs) / 1000,
    trigger: failures === null ? null : triggerOf(failures, raw.endpointKnown),
    leaked,
    leakedForMs:
      failures === null || trigger === null ? null : Math.max(0, failures.lastSeenUs - trigger.seenUs) / 1000,
    // These and the verdict are decided in compare-with-rules.ts.
    sequence: 1,
    sequenceBounds: [1, 1],
    outAtOnce: { out: mostOut(window, all), of: watch.size },
    fraction: raw.fall?.fraction ?? 1,
    expectedDurationMs: null,
    verdict: null,
    source: 'client',
  };
}

function triggerOf(failures: FailureState, endpointKnown: boolean): EjectionTrigger {
  const { trigger } = failures;
  return {
    consecutive: trigger?.position ?? failures.consecutive,
    firstErrorMs: failures.firstSendUs / 1000,
    lastErrorMs: (trigger?.seenUs ?? failures.lastSeenUs) / 1000,
    statuses: statusesOf(failures),
    inFlight: trigger?.inFlight ?? 0,
    endpointKnown,
  };
}

/** Endpoints of the version that were out at once at some time of the window, at the most. */
function mostOut(window: BoundedWindow, all: readonly BoundedWindow[]): number {
  const from = ({ startUs }: BoundedWindow) => startUs ?? Number.NEGATIVE_INFINITY;
  const to = ({ endUs }: BoundedWindow) => endUs ?? Number.POSITIVE_INFINITY;
  const away = all.filter(({ raw }) => raw.kind !== 'joined');
  // It can only grow where one begins.
  const moments = [window, ...away].map(from).filter((at) => at >= from(window) && at < to(window));
  const outAt = (at: number) =>
    new Set(away.filter((other) => from(other) <= at && at < to(other)).map(({ raw }) => raw.endpoint)).size;
  return Math.max(1, ...moments.map(outAt));
}

function episodesOf(found: Found): VersionEpisode[] {
  const episodes: VersionEpisode[] = found.gaps.map((gap) => ({
    version: name(found, gap.slot),
    kind: gap.kind,
    startMs: gap.startUs / 1000,
    endMs: ms(gap.endUs),
    requests: gap.requests,
    share: gap.expected > 0 ? Math.min(1, gap.requests / gap.expected) : null,
    serviceTimeUs: { before: null, after: null },
  }));
  for (const [slot, { bursts }] of found.errors)
    episodes.push(...bursts.map((burst) => episode(found, slot, '5xx', burst)));
  for (const [slot, { bursts }] of found.refusals) {
    episodes.push(...bursts.map((burst) => episode(found, slot, 'overflow', burst)));
  }
  return episodes.sort(
    (a, b) => a.startMs - b.startMs || compare(a.version, b.version) || compare(a.kind, b.kind),
  );
}

function episode(found: Found, slot: number, kind: '5xx' | 'overflow', burst: Burst): VersionEpisode {
  return {
    version: name(found, slot),
    kind,
    startMs: burst.startUs / 1000,
    endMs: ms(burst.endUs),
    requests: burst.errors,
    share: burst.part,
    serviceTimeUs: { before: burst.beforeUs, after: burst.afterUs },
  };
}

function visibilityOf(found: Found, watch: VersionWatch): Visibility {
  const { spanMs, requests } = found;
  const needed = watch.missesThatTell;
  const shortestMs = needed === 0 || watch.requests === 0 ? null : (needed * spanMs) / watch.requests;
  const wantedMs = watch.rule?.baseEjectionTimeMs ?? SHORT_MS;
  return {
    version: name(found, watch.slot),
    endpoints: watch.size,
    withoutEndpoint: watch.withoutEndpoint,
    shortestMs,
    ratePerSecondNeeded:
      shortestMs === null || shortestMs <= wantedMs || spanMs === 0
        ? null
        : (requests / (spanMs / 1000)) * (shortestMs / wantedMs),
  };
}

function remarksOn(found: Found): string[] {
  const dropped = [...found.watches.values()].reduce((sum, watch) => sum + watch.dropped, 0);
  return [
    ...(dropped === 0 ? [] : [`${dropped} more windows and rows of 5xx were found than are kept.`]),
    ...(found.late === 0
      ? []
      : [
          `${found.late} requests came too late to be put in order: windows near them may be wrong, and absences without 5xx before them are left out.`,
        ]),
  ];
}

function statusesOf({ statuses }: FailureState): Record<string, number> {
  return Object.fromEntries([...statuses].map(([status, count]) => [String(status), count]));
}

function name(found: Found, slot: number): string {
  return found.names[slot] ?? found.names[NONE] ?? '';
}

function endpointName(found: Found, label: number): string {
  return found.endpoints[label] ?? `#${label}`;
}

function ms(us: number | null): number | null {
  return us === null ? null : us / 1000;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

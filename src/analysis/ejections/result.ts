/**
 * What a run shows about ejected endpoints: the part `ejections` of RunResult, plain data. All times are ms on the run
 * clock. A pair [low, high] bounds a time, except with a chance of one in a million where only the endpoint's traffic
 * shows it.
 */
import type { Verdict } from '../verdict.js';

export interface EjectionsResult {
  /** Absences of single endpoints, by when they began. */
  windows: EjectionWindow[];
  /** What happened to whole versions, by when it began. */
  episodes: VersionEpisode[];
  /** Per version: what its traffic is enough to tell. */
  visibility: Visibility[];
  /** The rules that the windows were compared with. */
  rules: RuleResult[];
  timeline: EjectionTimeline;
  /** What the gateway says itself; null when it was not asked. */
  gateway: GatewayView | null;
  /** What limits these figures, in sentences. */
  remarks: string[];
}

/**
 * Why an endpoint was sent nothing:
 * - `ejected`: its own 5xx in a row came directly before,
 * - `left`: failed connections came directly before, no 5xx: scaled down, draining, crashed,
 * - `silent`: nothing came before that tells why: retries of the gateway hide refused connections and errors,
 * - `joined`: its first request came late: it was out when the run began, or was added while it went on.
 */
export type AbsenceKind = 'ejected' | 'left' | 'silent' | 'joined';

/** An absence of one endpoint. */
export interface EjectionWindow {
  version: string;
  endpoint: string;
  kind: AbsenceKind;
  /** When it was last sent a request, at the latest moment that fits; null when that was before the run. */
  startMs: number | null;
  /** Between which times it was taken out of rotation; low is null when that was before the run. */
  startBoundsMs: [lo: number | null, hi: number];
  /** When the first request after it was sent; null when it was still out at the end of the run. */
  endMs: number | null;
  /** Between which times it was put back; high is null when it was not. */
  endBoundsMs: [lo: number, hi: number | null];
  /** endMs − startMs; null when either is. */
  durationMs: number | null;
  /** The 5xx that led to it; null for other kinds than `ejected`. */
  trigger: EjectionTrigger | null;
  /** 5xx of the endpoint after the one that should have ejected it; null when no rule tells which that is. */
  leaked: number | null;
  /** From the trigger to the last leaked response, ms; null as `leaked`. */
  leakedForMs: number | null;
  /** n of the window base × n: a rule's, counted as Envoy does; without a rule its number among the endpoint's windows. */
  sequence: number;
  /** n is one of these: sweeps close to its ends leave it open. */
  sequenceBounds: [lo: number, hi: number];
  /** Endpoints of the version that were out at the same time at the most, this one included; and endpoints seen. */
  outAtOnce: { out: number; of: number };
  /** The part of its traffic that it lost: 1, or less when only some of several gateways ejected it. */
  fraction: number;
  /** Shortest and longest that the rule allows; null without a rule, or for other kinds than `ejected`. */
  expectedDurationMs: [lo: number, hi: number] | null;
  /** Whether the duration is as the rule says; null as `expectedDurationMs`. */
  verdict: Verdict | null;
  /** `client`: responses alone tell; `client+gateway`: the gateway says the same. */
  source: 'client' | 'client+gateway';
}

export interface EjectionTrigger {
  /** 5xx in a row, in the order of the responses, that ejected it: as many as the rule asks for, or all before the silence. */
  consecutive: number;
  /** Sent, of the first of them. */
  firstErrorMs: number;
  /** Response, of the one that ejected it. */
  lastErrorMs: number;
  /** All 5xx of the row, leaked ones included, by status. */
  statuses: Record<string, number>;
  /** Requests to it that were under way when the last one's response came. */
  inFlight: number;
  /** False: the 5xx named no endpoint, so they may be another endpoint's of the version. */
  endpointKnown: boolean;
}

/**
 * Something that happened to a version:
 * - `5xx`: its backends answered 5xx, from the first to the last one of a burst,
 * - `no-healthy-upstream`: nothing but the gateway's own "no healthy upstream" came,
 * - `overflow`: the gateway refused requests because a circuit breaker was full,
 * - `connection-failure`: nothing but the gateway's word that it could not reach the version came,
 * - `moved`: it answered nothing and no errors came in its place: its weight was probably changed,
 * - `unanswered`: it answered nothing, and as many requests as it would have had failed otherwise.
 */
export type EpisodeKind =
  | '5xx'
  | 'no-healthy-upstream'
  | 'overflow'
  | 'connection-failure'
  | 'moved'
  | 'unanswered';

export interface VersionEpisode {
  version: string;
  kind: EpisodeKind;
  startMs: number;
  /** Null: it went on to the end of the run. */
  endMs: number | null;
  /** Requests that it cost: 5xx, refused, or without a healthy endpoint. */
  requests: number;
  /** `requests` ÷ the version's requests in that time. */
  share: number | null;
  /** Mean service time of the version's good answers before and after, µs: what other endpoints had to take over shows here. */
  serviceTimeUs: { before: number | null; after: number | null };
}

export interface Visibility {
  version: string;
  /** Endpoints that answered. */
  endpoints: number;
  /** Responses of backends without an endpoint, in a version that tells endpoints: an absence is only sure between them. */
  withoutEndpoint: number;
  /** The shortest absence of an endpoint that its traffic would show, ms; null when responses name no endpoints. */
  shortestMs: number | null;
  /** The rate, in requests per second of the whole run, that would show the rule's windows (without a rule: 1 s); null when the rate was enough. */
  ratePerSecondNeeded: number | null;
}

export interface RuleResult {
  version: string;
  /** `DestinationRule istio-test/backend (file, line)` or `--eject-after …` */
  source: string;
  consecutive5xx: number;
  consecutiveGatewayErrors: number;
  /** Null: failures to connect count as 5xx. */
  consecutiveLocalOriginFailures: number | null;
  intervalMs: number;
  baseEjectionTimeMs: number;
  maxEjectionPercent: number;
  checks: RuleCheck[];
}

export interface RuleCheck {
  name: 'trigger' | 'duration' | 'max-ejection-percent' | 'gateway-errors' | 'local-origin';
  verdict: Verdict;
  /** What was seen, e.g. 5 in a row, 33,800 ms, 1 endpoint out at once; null when nothing was. */
  figure: number | null;
  /** What the rule allows: [low, high], null for no bound on that side. */
  bound: [lo: number | null, hi: number | null];
  /** The figures in a sentence. */
  text: string;
}

/** A row per endpoint, a character per slice: `.` ok, `x` failing, `_` out, space nothing. */
export interface EjectionTimeline {
  sliceMs: number;
  rows: { version: string; endpoint: string; slices: string }[];
}

/** What the gateway says, on the run clock. */
export interface GatewayView {
  /** Windows by its own word, by when they began. */
  windows: GatewayWindow[];
  /** The gateway's clock minus this machine's, ms, and between which values it may lie; null without an event log, or with nothing to compare it by. */
  clockOffsetMs: { estimate: number; bounds: [lo: number, hi: number] } | null;
  /** After this time the log may be incomplete, ms; null: it is complete. */
  unknownAfterMs: number | null;
  /** Counters of outlier detection over the run by cluster and name; null when the gateway keeps none, or was not asked. */
  counters: Record<string, Record<string, number>> | null;
  /** What went wrong or should be known, in sentences. */
  remarks: string[];
}

export interface GatewayWindow {
  cluster: string;
  /** `10.0.3.17:8080` */
  address: string;
  /** The endpoint's name in responses, when it could be found out. */
  endpoint: string | null;
  /** Null: before the run. From a log a moment, from scraping between two looks. */
  ejectedMs: [lo: number, hi: number] | null;
  /** Null: not before the end. */
  unejectedMs: [lo: number, hi: number] | null;
  from: 'event-log' | 'admin';
  /** Index into `windows` of what the client saw of it, or of the first; null: nothing. */
  window: number | null;
  /** All of them, by time: more than one where it was back unseen by the gateway's word. */
  windows: number[];
  /** The first one's start and the last one's end minus the gateway's, ms; null where either is not known. */
  differenceMs: { start: number | null; end: number | null };
  /** Why they differ, or why the client saw nothing. */
  explanation: string;
}

/**
 * What a run shows about ejected endpoints: the part `ejections` of RunResult, plain data. All times are ms on the run
 * clock. A pair [low, high] bounds a time. Bounds that only the endpoint's traffic shows are wrong with a probability of at
 * most one in a million.
 */
import type { Verdict } from '../verdict.js';
import type { GatewayView, ReportedWindow } from './gateway-result.js';

export type { GatewayView, GatewayWindow, ReportedWindow } from './gateway-result.js';

export interface EjectionsResult {
  /** Absences of single endpoints, in order of start. */
  windows: EjectionWindow[];
  /** What happened to whole versions, in order of start. */
  episodes: VersionEpisode[];
  /** Per version: what its traffic can show. */
  visibility: Visibility[];
  /** The rules that the windows were compared with. */
  rules: RuleResult[];
  timeline: EjectionTimeline;
  /** What the gateway reports; null if it was not watched. */
  gateway: GatewayView | null;
  /** What limits these figures, in sentences. */
  remarks: string[];
}

/**
 * Why an endpoint was sent nothing:
 * - `ejected`: consecutive 5xx of the endpoint came directly before, or the gateway reports that it ejected it,
 * - `left`: failed connections came directly before, no 5xx: scaled down, draining, crashed,
 * - `silent`: nothing before it shows the reason: retries of the gateway hide refused connections and errors,
 * - `joined`: its first request came late: it was out when the run began, or was added during the run.
 */
export type AbsenceKind = 'ejected' | 'left' | 'silent' | 'joined';

/** An absence of one endpoint. */
export interface EjectionWindow {
  version: string;
  endpoint: string;
  kind: AbsenceKind;
  /** When its last request before the window was sent, as late as the bounds allow; null: before the run. */
  startMs: number | null;
  /** Bounds of the time at which it was taken out of rotation; low is null if that was before the run. */
  startBoundsMs: [lo: number | null, hi: number];
  /** When its first request after the window was sent; null: it was still out at the end of the run. */
  endMs: number | null;
  /** Bounds of the time at which it was put back; high is null if it was not. */
  endBoundsMs: [lo: number, hi: number | null];
  /** endMs − startMs; null if either is. */
  durationMs: number | null;
  /** The 5xx that caused it; null unless the kind is `ejected`, and if only the gateway tells that. */
  trigger: EjectionTrigger | null;
  /** Its own 5xx in a row directly before, by status, if they are too few to have caused it. */
  errorsBefore: Record<string, number>;
  /** 5xx of the endpoint after the one that should have ejected it; null if no rule shows which one that is. */
  leaked: number | null;
  /** From the trigger to the last leaked response, ms; null as `leaked`. */
  leakedForMs: number | null;
  /** n of the duration base × n, counted as Envoy does; without a rule, the number of the window among the endpoint's. */
  sequence: number;
  /** Bounds of n, which is not known exactly if sweeps are close to the window's ends. */
  sequenceBounds: [lo: number, hi: number];
  /** The largest number of the version's endpoints that were out at the same time, including this one; and how many were seen. */
  outAtOnce: { out: number; of: number };
  /** The part of its traffic that it lost: 1, or less if only some of several gateways ejected it. */
  fraction: number;
  /** Shortest and longest that the rule allows; null without a rule, or unless the kind is `ejected`. */
  expectedDurationMs: [lo: number, hi: number] | null;
  /** Whether the duration is as the rule says; null as `expectedDurationMs`. */
  verdict: Verdict | null;
  /** `client`: only the responses show it; `client+gateway`: the gateway reports it too. */
  source: 'client' | 'client+gateway';
  /** The gateway's word on it; null if it has none, or if it is not certain that it is about this window. */
  reported: ReportedWindow | null;
}

export interface EjectionTrigger {
  /** Consecutive 5xx, in order of the responses, that ejected it: as many as the rule requires; without a rule, all before the absence. */
  consecutive: number;
  /** When the first of these requests was sent. */
  firstErrorMs: number;
  /** When the response that ejected it was seen. */
  lastErrorMs: number;
  /** All 5xx of the streak, including leaked ones, by status. */
  statuses: Record<string, number>;
  /** Requests to the endpoint that were in flight when the last of these responses came. */
  inFlight: number;
  /** False: the 5xx named no endpoint, so they may come from another endpoint of the version. */
  endpointKnown: boolean;
}

/**
 * Something that happened to a version:
 * - `5xx`: its backends answered 5xx, from the first to the last one of a burst,
 * - `no-healthy-upstream`: the gateway answered only "no healthy upstream",
 * - `overflow`: the gateway refused requests because a circuit breaker was full,
 * - `connection-failure`: the gateway answered only that it could not reach the version,
 * - `moved`: it did not answer, and no errors came instead: its weight was probably changed,
 * - `unanswered`: it did not answer, and as many requests as its share failed in another way.
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
  /** Null: it lasted to the end of the run. */
  endMs: number | null;
  /** Requests that were lost: answered with 5xx, refused, or without a healthy endpoint. */
  requests: number;
  /** `requests` ÷ the version's requests in that time. */
  share: number | null;
  /** Mean service time of the version's good answers before and after, µs: shows the load that other endpoints took over. */
  serviceTimeUs: { before: number | null; after: number | null };
}

export interface Visibility {
  version: string;
  /** Endpoints that answered. */
  endpoints: number;
  /** Responses of backends that name no endpoint, in a version whose responses name them: absences are certain only between these. */
  withoutEndpoint: number;
  /** The shortest absence of an endpoint that its traffic would show, ms; null if responses name no endpoints. */
  shortestMs: number | null;
  /** The rate, in requests per second of the whole run, that would show the rule's windows (without a rule: 1 s); null if the rate was enough. */
  ratePerSecondNeeded: number | null;
}

export interface RuleResult {
  version: string;
  /** What `maxEjectionPercent` is of: the endpoints of the version, or those of all versions whose rules have the scope `route`. */
  scope: 'version' | 'route';
  /** `DestinationRule istio-test/backend (file, line)` or `--eject-after …` */
  source: string;
  /** The only statuses that count as errors, in place of 5xx; null: every 5xx does. */
  errorCodes: number[] | null;
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
  /** What was seen, e.g. 5 in a row, 33,800 ms, 1 endpoint out at once; null if nothing was. */
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

/**
 * What a gateway reported itself during a run, beside what its client measured: plain data, which a saved run keeps.
 * What is concluded from it is in gateway-view.ts.
 */

/** Where the gateway's reports are read. */
export interface GatewaySources {
  /** Base URLs of Envoy's admin interfaces, one for each replica. */
  readonly admins: readonly string[];
  /** File name of Envoy's outlier event log; null if it is not read. */
  readonly eventLog: string | null;
}

/** Everything that a gateway reported during a run. */
export interface GatewayObservations {
  /** Null if no event log was read. */
  readonly log: EventLog | null;
  /** One for each admin interface. */
  readonly admins: readonly AdminWatched[];
}

/** The part of an outlier event log that concerns the time of the run. */
export interface EventLog {
  /** The file's name. */
  readonly file: string;
  /** Enforced ejections and un-ejections, in the order of the file. */
  readonly events: readonly LogEvent[];
  /** Later events may be missing; ms on the run clock. */
  readonly completeUntilMs: number;
  /** What was wrong with the log, in sentences. */
  readonly remarks: readonly string[];
}

/** One event of the log. */
export interface LogEvent {
  /** By the gateway's clock, ms since 1970. */
  readonly atMs: number;
  readonly cluster: string;
  /** `10.0.3.17:8080` */
  readonly address: string;
  readonly action: 'eject' | 'uneject';
  /** Envoy's name for what ejected it: `CONSECUTIVE_5XX`. */
  readonly type: string;
  /** Whole seconds, rounded down, since it was un-ejected (eject) or ejected (uneject); null if it never was. */
  readonly sinceS: number | null;
}

/** What one admin interface reported. Times are ms on the run clock. */
export interface AdminWatched {
  readonly url: string;
  /** How many queries for its endpoints it answered. */
  readonly looks: number;
  readonly absences: readonly AdminEjection[];
  /** How much each counter grew in the run, by cluster and counter; null if the gateway has no such counters. */
  readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>> | null;
  readonly remarks: readonly string[];
}

/** A time in which an endpoint failed the outlier check. Its start and end each lie between two queries. */
export interface AdminEjection {
  readonly cluster: string;
  readonly address: string;
  /** Null if it was ejected at the first query. */
  readonly ejectedMs: Span | null;
  /** Null if it was ejected at the last query. */
  readonly unejectedMs: Span | null;
  /** It was not un-ejected: it is not an endpoint of the cluster any more. */
  readonly gone: boolean;
}

/** Earliest and latest time, ms. */
export type Span = readonly [lo: number, hi: number];

/** Admin interfaces of a run: more than the replicas of any gateway that is tested like this. */
export const MAX_ADMINS = 16;
/** Ejections that are kept of one of them. */
export const MAX_ABSENCES = 1024;
/** Clusters whose counters are kept. */
export const MAX_CLUSTERS = 256;
/** Counters that are kept of a cluster: several times as many as Envoy has. */
export const MAX_COUNTERS = 64;
/** Events of a log before the run that are kept: the newest. */
export const MAX_BEFORE = 1024;
/** Events of a log from the start of the run on that are kept: the oldest. */
export const MAX_EVENTS = 4096;

/** How often Envoy writes its logs by default, ms (--file-flush-interval-msec). */
export const DEFAULT_FLUSH_MS = 10_000;

/** If the clocks of client and gateway differ by more, ms, their times are not compared. */
export const MAX_OFFSET_MS = 5 * 60_000;

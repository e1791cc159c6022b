/**
 * What a gateway said of itself during a run, beside what its client saw: plain data, which a saved run keeps.
 * What is concluded from it is in gateway-view.ts.
 */

/** Where the gateway's own word comes from. */
export interface GatewaySources {
  /** Base URLs of Envoy admin interfaces, one for each replica. */
  readonly admins: readonly string[];
  /** File of Envoy's outlier event log. */
  readonly eventLog: string | null;
}

export interface GatewayObservations {
  readonly log: EventLog | null;
  readonly admins: readonly AdminWatched[];
}

/** The part of an outlier event log that is about the time of the run. */
export interface EventLog {
  /** The file's name. */
  readonly file: string;
  /** Enforced ejections, and un-ejections, in the order of the file. */
  readonly events: readonly LogEvent[];
  /** What happened later may be missing, ms on the run clock. */
  readonly completeUntilMs: number;
  /** What was wrong with it, in sentences. */
  readonly remarks: readonly string[];
}

export interface LogEvent {
  /** By the gateway's clock, ms since 1970. */
  readonly atMs: number;
  readonly cluster: string;
  /** `10.0.3.17:8080` */
  readonly address: string;
  readonly action: 'eject' | 'uneject';
  /** What ejected it: `CONSECUTIVE_5XX`. */
  readonly type: string;
  /** Whole seconds, rounded down, since it was put back (eject) or ejected (uneject); null: it never was. */
  readonly sinceS: number | null;
}

/** What one admin interface told. Times are ms on the run clock. */
export interface AdminWatched {
  readonly url: string;
  /** Looks at the endpoints that were answered. */
  readonly looks: number;
  readonly absences: readonly AdminEjection[];
  /** What was counted over the run, by cluster and counter; null when the gateway keeps no such counters. */
  readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>> | null;
  readonly remarks: readonly string[];
}

/** An endpoint that failed the outlier check. Each time lies between two looks. */
export interface AdminEjection {
  readonly cluster: string;
  readonly address: string;
  /** Null: it was out at the first look. */
  readonly ejectedMs: Span | null;
  /** Null: it was out at the last look. */
  readonly unejectedMs: Span | null;
  /** It was not put back but is not an endpoint of the cluster any more. */
  readonly gone: boolean;
}

/** Earliest and latest time, ms. */
export type Span = readonly [lo: number, hi: number];

/** Envoy writes its logs this often, unless it is started with another --file-flush-interval-msec. */
export const DEFAULT_FLUSH_MS = 10_000;

/** Clocks that differ by more are not put beside each other. */
export const MAX_OFFSET_MS = 5 * 60_000;

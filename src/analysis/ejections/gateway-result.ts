/** What the gateway itself reports of ejections: its part of `ejections` in RunResult. */

/** An ejection that the gateway reports, and what it tells of a client's window. */
export interface ReportedWindow {
  from: 'event-log' | 'admin';
  /** Envoy's name for what ejected it, `CONSECUTIVE_5XX`; null: an admin interface does not tell. */
  type: string | null;
  /** How long it was ejected, by the gateway's clock; null unless both ends are reported and are those of the window. */
  durationMs: [lo: number, hi: number] | null;
  /** What the gateway's word decided, because the client's left it open. */
  settles: ('kind' | 'verdict')[];
}

/** What the gateway reports. Times are ms on the run clock. */
export interface GatewayView {
  /** Ejections that it reports, in order of start. */
  windows: GatewayWindow[];
  /** The gateway's clock minus this machine's, ms, with its bounds; null without an event log, or if there is too little to compare. */
  clockOffsetMs: { estimate: number; bounds: [lo: number, hi: number] } | null;
  /** After this time the log may be incomplete, ms; null: it is complete. */
  unknownAfterMs: number | null;
  /** Counters of outlier detection over the run by cluster and name; null if the gateway keeps none, or no admin interface was watched. */
  counters: Record<string, Record<string, number>> | null;
  /** Errors and limits, in sentences. */
  remarks: string[];
}

export interface GatewayWindow {
  cluster: string;
  /** `10.0.3.17:8080` */
  address: string;
  /** The endpoint's name in responses; null if it is not certain. */
  endpoint: string | null;
  /** A moment if it is from a log, the time between two looks if it is from an admin interface; null: before the run. */
  ejectedMs: [lo: number, hi: number] | null;
  /** As `ejectedMs`; null: not before the end of the run. */
  unejectedMs: [lo: number, hi: number] | null;
  from: 'event-log' | 'admin';
  /** Index of the client's window in `EjectionsResult.windows`, of several the first; null: the client saw nothing. */
  window: number | null;
  /** Indices of all the client's windows, in order of time: several if the endpoint was back between two looks. */
  windows: number[];
  /** Start of the client's first window and end of its last, each minus the gateway's time, ms; null if either is not known. */
  differenceMs: { start: number | null; end: number | null };
  /** Why they differ, or why the client saw nothing. */
  explanation: string;
}

/** 5xx of one endpoint in a row, with no other answer of it between them. */
export interface StreakRecord {
  readonly version: string;
  readonly endpoint: string;
  readonly consecutive: number;
  /** By status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Sent, of the first, ms on the run clock. */
  readonly firstErrorMs: number;
  /** Response, of the last. */
  readonly lastErrorMs: number;
  /** Response of the one that should have ejected it; null when the row was too short for the rule, or there is none. */
  readonly triggerMs: number | null;
  /** Which of the rule's counts that one filled; null as `triggerMs`. */
  readonly cause: '5xx' | 'gateway-errors' | null;
  /** How it ended: by another answer of the endpoint, by an absence of it, or with the run. */
  readonly endedBy: 'answer' | 'absence' | 'end';
}

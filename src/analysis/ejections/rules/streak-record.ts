/** A streak with names, in ms on the run clock: consecutive 5xx of one endpoint, no other answer of it between them. */
export interface StreakRecord {
  readonly version: string;
  readonly endpoint: string;
  readonly consecutive: number;
  /** By status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The first was sent. */
  readonly firstErrorMs: number;
  /** The last was seen. */
  readonly lastErrorMs: number;
  /** The one that should have ejected the endpoint was seen; null: the streak is too short, or there is no rule. */
  readonly triggerMs: number | null;
  /** The rule's count that it filled; null as `triggerMs`. */
  readonly cause: '5xx' | 'gateway-errors' | null;
  /** What ended it: another answer of the endpoint, its absence, or the end of the run. */
  readonly endedBy: 'answer' | 'absence' | 'end';
}

/** What is known of one endpoint while a version is watched, and which 5xx of it can have ejected it. */
import type { EjectionRule } from '../../../plan/plan.js';
import type { AbsenceKind } from '../result.js';
import type { FailureRow } from '../rules/streak-record.js';
import { type FailureState, FailureTracker } from './failure-streak.js';
import { LossWatch } from './partial-ejection.js';
import { Member } from './traffic-share.js';
import { HANDOVER_US, MERGE_WINDOW_US } from './window-bounds.js';

/** 5xx in a row that are taken for the cause of an absence when no rule says how many. */
const MIN_IN_A_ROW = 2;
/** The same where good answers followed: Envoy's default. */
const ROW_WITHOUT_RULE = 5;
/** Part of what a rule asks for from which a row can have ejected: the gateway may have counted other clients' too. */
const PART_OF_RULE = 0.5;
/** An ejection takes effect so much later than it is decided at the most. */
const PUT_OFF_US = MERGE_WINDOW_US + HANDOVER_US;
/** Rows of an endpoint within that time that are kept. */
const MAX_ENDED = 64;

/** 5xx in a row, as it was found. */
export interface FoundRow {
  readonly endpoint: number;
  readonly state: FailureState;
  endedBy: FailureRow['endedBy'];
}

export class Endpoint {
  readonly member = new Member();
  readonly failures: FailureTracker;
  /** Its absence that has no end yet: by when it would have been sent another request; NaN when not known. */
  missedUs = Number.NaN;
  /** What failed without a version or endpoint before its last request. */
  unreachedBefore = 0;
  /** Whether it loses a part of its traffic. */
  readonly loss = new LossWatch(this.member);
  /** 5xx that told no endpoint and may have been its own, by the time it was surely gone; null when there were none. */
  nameless: FailureState | null = null;
  /** Why it is absent, once that is sure though requests in doubt came later; null: not sure. */
  sure: AbsenceKind | null = null;
  /** When it surely was still absent, once requests in doubt came after it was sure. */
  sureUntilUs = Number.NaN;
  /** Rows that were ended by a good answer a short time ago. */
  #ended: FoundRow[] = [];

  constructor(
    readonly label: number,
    rule: EjectionRule | null,
  ) {
    this.failures = new FailureTracker(rule);
  }

  /** It was sent a request: nothing of an absence before it holds any longer. `unreached`: failures so far. */
  present(unreached: number): void {
    this.missedUs = Number.NaN;
    this.sure = null;
    this.sureUntilUs = Number.NaN;
    this.nameless = null;
    this.unreachedBefore = unreached;
  }

  /** The row that is under way ends; returns it when it is worth keeping. */
  endRow(endedBy: FailureRow['endedBy']): FoundRow | null {
    const { failures } = this;
    if (failures.consecutive === 0) return null;
    const state = failures.state();
    if (failures.partOfRule === null ? state.consecutive < ROW_WITHOUT_RULE : state.trigger === null)
      return null;
    const row: FoundRow = { endpoint: this.label, state, endedBy };
    const recentUs = state.lastSeenUs - PUT_OFF_US;
    this.#ended = this.#ended.filter((other) => decidedUs(other) >= recentUs);
    if (this.#ended.length < MAX_ENDED) this.#ended.push(row);
    return row;
  }

  /**
   * Rows that can have ejected it although good answers followed: the gateway puts an ejection off, to merge it with the
   * change before it.
   */
  endedCauses(): FoundRow[] {
    return this.#ended.filter((row) => this.member.lastSendUs <= decidedUs(row) + PUT_OFF_US);
  }

  /** An absence of it was found: what comes back begins anew, as the gateway's counts do. */
  forgetRows(): void {
    this.#ended = [];
    this.failures.reset();
  }
}

/** Whether the row that is under way can have ejected. */
export function isCause({
  consecutive,
  partOfRule,
}: Pick<FailureTracker, 'consecutive' | 'partOfRule'>): boolean {
  return partOfRule === null ? consecutive >= MIN_IN_A_ROW : partOfRule >= PART_OF_RULE;
}

/** The same for 5xx of which it is not known whose they are: others' may be among them. */
export function isWholeCause({ consecutive, partOfRule }: FailureTracker): boolean {
  return partOfRule === null ? consecutive >= ROW_WITHOUT_RULE : partOfRule >= 1;
}

/** By when the gateway had seen what made it decide; of a row twice as long as it asks for that may be its last. */
function decidedUs({ state: { trigger, consecutive, lastSeenUs } }: FoundRow): number {
  return trigger === null || consecutive >= 2 * trigger.position ? lastSeenUs : trigger.boundsUs[1];
}

/** The streaks of one endpoint, and which of them can have ejected it. */
import type { EjectionRule } from '../../../plan/plan.js';
import { HANDOVER_US, MERGE_WINDOW_US } from '../../envoy-timing.js';
import type { StreakRecord } from '../rules/streak-record.js';
import { FailureStreak, type StreakState } from './failure-streak.js';

/** Without a rule, a streak of at least this length can be the cause of an absence that follows it. */
const MIN_CAUSE = 2;
/** The same if good answers followed the streak: Envoy's default of `consecutive_5xx`. */
const MIN_ENDED_CAUSE = 5;
/** With a rule, a streak of at least this part of its count can be a cause: the gateway counts other clients' requests too. */
const MIN_PART_OF_RULE = 0.5;
/** An ejection takes effect at most this long after the decision. */
const MAX_DELAY_US = MERGE_WINDOW_US + HANDOVER_US;
/** At most so many ended streaks of an endpoint are kept within that time. */
const MAX_ENDED = 64;

/** A streak that is over. */
export interface EndedStreak {
  /** Label. */
  readonly endpoint: number;
  readonly state: StreakState;
  endedBy: StreakRecord['endedBy'];
}

export class EndpointStreaks {
  readonly current: FailureStreak;
  /** Streaks that a good answer ended a short time ago. */
  #ended: EndedStreak[] = [];

  constructor(
    readonly label: number,
    rule: EjectionRule | null,
  ) {
    this.current = new FailureStreak(rule);
  }

  /** The current streak ends; returns it if it is long enough to be kept. */
  end(endedBy: StreakRecord['endedBy']): EndedStreak | null {
    const { current } = this;
    if (current.consecutive === 0) return null;
    const state = current.state();
    const isShort =
      current.partOfRule === null ? state.consecutive < MIN_ENDED_CAUSE : state.trigger === null;
    if (isShort) return null;
    const streak: EndedStreak = { endpoint: this.label, state, endedBy };
    const recentUs = state.lastSeenUs - MAX_DELAY_US;
    this.#ended = this.#ended.filter((other) => decidedUs(other) >= recentUs);
    if (this.#ended.length < MAX_ENDED) this.#ended.push(streak);
    return streak;
  }

  /**
   * Ended streaks that can have ejected the endpoint although good answers followed: Envoy delays an ejection to merge
   * it with the change before it.
   *
   * @param lastSendUs when the endpoint was last sent a request
   */
  endedCauses(lastSendUs: number): EndedStreak[] {
    return this.#ended.filter((streak) => lastSendUs <= decidedUs(streak) + MAX_DELAY_US);
  }

  /** The endpoint was absent: afterwards counting starts at zero, as in the gateway. */
  forget(): void {
    this.#ended = [];
    this.current.reset();
  }
}

/** Whether the streak can have ejected its endpoint. */
export function isCause({
  consecutive,
  partOfRule,
}: Pick<FailureStreak, 'consecutive' | 'partOfRule'>): boolean {
  return partOfRule === null ? consecutive >= MIN_CAUSE : partOfRule >= MIN_PART_OF_RULE;
}

/** The same for 5xx that name no endpoint: some of them may be other endpoints', so the whole count is needed. */
export function isWholeCause({ consecutive, partOfRule }: FailureStreak): boolean {
  return partOfRule === null ? consecutive >= MIN_ENDED_CAUSE : partOfRule >= 1;
}

/**
 * The latest time at which the gateway can have decided. In a streak of twice the rule's count it may have refused an
 * ejection at first and decided at the last 5xx.
 */
function decidedUs({ state: { trigger, consecutive, lastSeenUs } }: EndedStreak): number {
  return trigger === null || consecutive >= 2 * trigger.position ? lastSeenUs : trigger.boundsUs[1];
}

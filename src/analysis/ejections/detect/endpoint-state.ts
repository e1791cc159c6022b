/** What is known about one endpoint while its version is watched. */
import type { EjectionRule } from '../../../plan/plan.js';
import type { AbsenceKind } from '../result.js';
import { type EndedStreak, EndpointStreaks } from './endpoint-streaks.js';
import type { StreakState } from './failure-streak.js';
import { PartialEjectionWatch } from './partial-ejection.js';
import { TrafficShare } from './traffic-share.js';

export class EndpointState {
  readonly traffic = new TrafficShare();
  readonly streaks: EndpointStreaks;
  readonly partial = new PartialEjectionWatch(this.traffic);
  /** In an absence: when it would have been sent its next request, at the latest; NaN: not known yet. */
  missedUs = Number.NaN;
  /** 5xx without an endpoint that can have ejected it before `missedUs`; null: too few. */
  unknownStreak: StreakState | null = null;
  /** Kind of its absence, if that was certain before requests to an unknown endpoint followed; null: not certain. */
  certainKind: AbsenceKind | null = null;
  /** When it was certainly still absent before these requests. */
  certainUntilUs = Number.NaN;
  /** Failures of the version when it was last sent a request. */
  failuresBefore = 0;

  constructor(
    readonly label: number,
    rule: EjectionRule | null,
  ) {
    this.streaks = new EndpointStreaks(label, rule);
  }

  /** It is sent a request, so notes on an absence are discarded. `failures`: those of the version so far. */
  present(failures: number): void {
    this.missedUs = Number.NaN;
    this.certainKind = null;
    this.certainUntilUs = Number.NaN;
    this.unknownStreak = null;
    this.failuresBefore = failures;
  }

  /** Streaks that good answers ended, but that may have ejected it. */
  endedCauses(): EndedStreak[] {
    return this.streaks.endedCauses(this.traffic.lastSendUs);
  }
}

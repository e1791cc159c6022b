/** The border between the engine and its loop: the loop decides when which lane sends, the engine does it. */
import type { Lane } from '../lane/lane.js';
import type { LoadLevel } from './level.js';
import type { Schedule } from './schedule.js';
import type { SpinTime } from './spin-time.js';

/** Decides when the lanes send. A closed loop and an open loop implement it. */
export interface SendLoop {
  /** Makes the lanes whose connections are to be open before `start`. Called at most once. */
  earlyLanes(): readonly Lane[];
  /** Begins to send. Called once. */
  start(): void;
  /**
   * A lane can take a request.
   *
   * @param connected false if its last request failed because no connection was open
   * @param refused the gateway itself made the reply to its last request
   */
  laneFree(lane: Lane, connected: boolean, refused: boolean): void;
  /** `mustWait` is false again. */
  mayContinue(): void;
  /** Called every few milliseconds (see Engine.run). */
  tick(): void;
  /** In a run that is steered: the load has another level, since `fromUs` (run clock). */
  setLevel(level: LoadLevel, fromUs: number): void;
}

/** What a loop needs from its engine. */
export interface SendContext {
  readonly schedule: Schedule;
  /** Gets the time that the loop spends on waiting actively. */
  readonly spin: SpinTime;
  /** The lanes made so far. */
  readonly lanes: readonly Lane[];
  readonly maxLanes: number;
  /** The schedule has ended, or the run was stopped: nothing more is sent. */
  readonly ended: boolean;
  /** No request is in flight. */
  readonly isIdle: boolean;
  /** `run` has resolved. */
  readonly isFinished: boolean;
  /** Nothing may be sent for now: many blocks wait for the reader, or the next requests are not allowed yet. */
  readonly mustWait: boolean;
  /** The run clock, µs. */
  readonly now: () => number;
  /** Makes a lane. At most `maxLanes` may be made. */
  addLane(): Lane;
  /**
   * Takes the next request of the schedule and sends it. The lane must be ready.
   *
   * @param waited open loop: no lane was free when it was due
   */
  send(lane: Lane, dueUs: number, waited?: boolean): void;
  /** The schedule has no more requests. */
  endSchedule(nowUs: number): void;
  /** Ends the run if nothing is in flight and nothing more is to be sent. */
  finishIfDone(): void;
  /** Calls `action` after `ms` milliseconds, unless the run has finished by then. */
  after(ms: number, action: () => void): void;
}

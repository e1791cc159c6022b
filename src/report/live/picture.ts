/** The state of a run at one moment, as the live view shows it. */
import type { SoFar } from '../../analysis/so-far.js';
import type { ProgressGoal, ProgressPoint } from '../progress.js';

export interface LiveGoal extends ProgressGoal {
  /** What must be known before the load: the view hides where it was printed. */
  readonly notes: readonly string[];
  /** What is asked: `GET http://203.0.113.7/ · Host shop.example.com` */
  readonly title: string;
  /** The run ends when its verdict is known; `requests` and `durationMs` are null then. */
  readonly untilVerdict: boolean;
  /** Open loop: requests per second. Null: closed loop. */
  readonly ratePerSecond: number | null;
  /** Closed loop: requests that are under way at once. */
  readonly atOnce: number;
  /** Over which the load grows; 0: none. */
  readonly rampMs: number;
  /** Requests at the beginning are not counted. */
  readonly warmup: boolean;
}

export interface LivePicture {
  readonly goal: LiveGoal;
  readonly now: ProgressPoint;
  /** The rate is counted from this earlier moment; null: from the start. */
  readonly before: ProgressPoint | null;
  /** May be some seconds old; null: nothing is known yet. */
  readonly soFar: SoFar | null;
}

export interface LiveSize {
  /** Of the terminal. */
  readonly columns: number;
  readonly rows: number;
}

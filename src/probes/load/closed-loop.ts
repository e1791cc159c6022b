/** The closed loop: each lane sends its next request when its last one has ended. */
import type { Lane } from '../lane/lane.js';
import type { LoadLevel } from './level.js';
import type { SendContext, SendLoop } from './send-loop.js';

/** A lane whose connection could not be opened waits this long, so that a gateway that is down is not flooded. */
export const RECONNECT_DELAY_MS = 50;

export class ClosedLoop implements SendLoop {
  /** Lanes that wait until they may send. */
  readonly #waiting: Lane[] = [];

  /** @param rampMs time in which the lanes begin to send, one after the other */
  constructor(
    readonly engine: SendContext,
    readonly rampMs: number,
  ) {}

  earlyLanes(): readonly Lane[] {
    return [];
  }

  start(): void {
    const { engine } = this;
    for (let index = 0; index < engine.maxLanes; index += 1) {
      const lane = engine.addLane();
      const waitMs = (this.rampMs * index) / Math.max(1, engine.maxLanes);
      if (waitMs < 1) this.next(lane);
      else if (engine.isFinished) return;
      else engine.after(waitMs, () => this.next(lane));
    }
  }

  laneFree(lane: Lane, connected: boolean, _refused: boolean): void {
    if (connected) this.next(lane);
    else this.engine.after(RECONNECT_DELAY_MS, () => this.next(lane));
  }

  mayContinue(): void {
    for (const lane of this.#waiting.splice(0)) this.next(lane);
  }

  tick(): void {}

  setLevel(_level: LoadLevel, _fromUs: number): void {}

  /** Sends the lane's next request, unless it has to wait or the run is at its end. */
  protected next(lane: Lane): void {
    const { engine } = this;
    if (engine.ended) {
      engine.finishIfDone();
      return;
    }
    if (engine.mustWait) {
      this.#waiting.push(lane);
      return;
    }
    const nowUs = engine.now();
    if (!engine.schedule.peek(nowUs)) {
      engine.endSchedule(nowUs);
      engine.finishIfDone();
      return;
    }
    if (lane.ready()) engine.send(lane, nowUs);
  }
}

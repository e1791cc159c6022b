/**
 * Lanes that wait for some time, all equally long. So they go on in the order in which they came, and one timer is enough,
 * for the first of them: a lane that waits costs no closure and no timer.
 */
import type { Lane } from '../lane/lane.js';
import type { SendContext } from './send-loop.js';

export class PauseQueue {
  // A ring: a lane waits in one place at most.
  readonly #lanes: (Lane | null)[];
  readonly #untilUs: Float64Array;
  #first = 0;
  #length = 0;
  #timerSet = false;
  readonly #onTimer = () => {
    this.#timerSet = false;
    this.#goOn();
  };

  /**
   * @param waitMs time that a lane waits at least
   * @param next takes a lane that has waited
   */
  constructor(
    readonly engine: Pick<SendContext, 'now' | 'after' | 'maxLanes'>,
    readonly waitMs: number,
    readonly next: (lane: Lane) => void,
  ) {
    this.#lanes = new Array<Lane | null>(engine.maxLanes).fill(null);
    this.#untilUs = new Float64Array(engine.maxLanes);
  }

  add(lane: Lane): void {
    const place = (this.#first + this.#length) % this.#lanes.length;
    this.#lanes[place] = lane;
    this.#untilUs[place] = this.engine.now() + this.waitMs * 1000;
    this.#length += 1;
    this.#setTimer(this.waitMs);
  }

  #setTimer(ms: number): void {
    if (this.#timerSet) return;
    this.#timerSet = true;
    this.engine.after(ms, this.#onTimer);
  }

  #goOn(): void {
    const nowUs = this.engine.now();
    while (this.#length > 0) {
      const leftUs = (this.#untilUs[this.#first] as number) - nowUs;
      if (leftUs > 0) {
        // Timers may come up to a millisecond early.
        this.#setTimer(Math.ceil(leftUs / 1000));
        return;
      }
      const lane = this.#lanes[this.#first] as Lane;
      this.#lanes[this.#first] = null;
      this.#first = (this.#first + 1) % this.#lanes.length;
      this.#length -= 1;
      this.next(lane);
    }
  }
}

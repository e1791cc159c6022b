/** The open loop: requests are sent when they are due, whether or not earlier ones were answered. */
import type { Lane } from '../lane/lane.js';
import type { LoadLevel } from './level.js';
import type { SendContext, SendLoop } from './send-loop.js';
import { sleep, Waiting } from './waiting.js';

export class OpenLoop implements SendLoop {
  readonly #idle: Lane[] = [];
  #started = false;
  #timerSet = false;
  readonly #waiting: Waiting;
  /** Goes on after a wait. Another one at each change of the rate: waits that began before it are void. */
  #again = this.#newAgain();

  /**
   * @param addresses number of addresses that the lanes' connections are divided among
   * @param early number of lanes whose connections are opened before the start
   * @param spinShare part of its time that it may spin
   */
  constructor(
    readonly engine: SendContext,
    readonly addresses: number,
    readonly early: number,
    spinShare: number,
  ) {
    this.#waiting = new Waiting(spinShare);
  }

  earlyLanes(): readonly Lane[] {
    for (let index = 0; index < this.early; index += 1) this.#idle.push(this.engine.addLane());
    return this.#idle.slice();
  }

  start(): void {
    this.#started = true;
    this.tick();
  }

  laneFree(lane: Lane): void {
    this.#idle.push(lane);
    // If a request is due already, it is sent at once.
    this.#sendDue();
    this.engine.finishIfDone();
  }

  mayContinue(): void {}

  setLevel({ ratePerSecond }: LoadLevel, fromUs: number): void {
    if (ratePerSecond === undefined) return;
    this.engine.schedule.changeRate(ratePerSecond, fromUs);
    this.#again = this.#newAgain();
    this.#timerSet = false;
    this.tick();
  }

  /** Sends what is due, and sets the timer for the next due time. */
  tick(): void {
    const { engine } = this;
    if (!this.#started || this.#timerSet || engine.ended) return;
    this.#sendDue();
    if (engine.ended) {
      engine.finishIfDone();
      return;
    }
    const nowUs = engine.now();
    const waitUs = engine.schedule.dueUs - nowUs;
    this.#timerSet = true;
    const how = this.#waiting.choose(waitUs, engine.isIdle, nowUs, engine.spin.us);
    if (how === 'timer') {
      engine.after(this.#waiting.ms, this.#again);
    } else {
      if (how === 'sleep') this.#sleep(nowUs);
      else engine.spin.begin(nowUs);
      setImmediate(this.#again);
    }
  }

  #sleep(fromUs: number): void {
    const { spin, now } = this.engine;
    sleep(this.#waiting.sleepUs);
    const nowUs = now();
    spin.sleptUs += nowUs - fromUs;
    spin.begin(nowUs);
  }

  #newAgain(): () => void {
    const again = () => {
      this.engine.spin.end(this.engine.now());
      if (again !== this.#again) return;
      this.#timerSet = false;
      this.tick();
    };
    return again;
  }

  #sendDue(): void {
    const { engine } = this;
    const { schedule } = engine;
    while (!engine.ended) {
      const nowUs = engine.now();
      if (!schedule.peek(nowUs)) {
        engine.endSchedule(nowUs);
        return;
      }
      if (schedule.dueUs > nowUs || engine.mustWait) return;
      const lane = this.#freeLane();
      if (lane === null) {
        schedule.waiting = true;
        return;
      }
      const { dueUs, waiting } = schedule;
      engine.send(lane, dueUs, waiting);
      if (schedule.dueUs > nowUs) schedule.waiting = false;
    }
  }

  /** An idle lane, or a new one; null if all lanes that there may be are in use. */
  #freeLane(): Lane | null {
    const { engine } = this;
    for (;;) {
      const idle = this.#takeIdle();
      if (idle === undefined && engine.lanes.length >= engine.maxLanes) return null;
      const lane = idle ?? engine.addLane();
      if (lane.ready()) return lane;
    }
  }

  /**
   * With one address, the lane that was used last. With several, lanes are used in turn, and only once each address
   * has one: at a low rate one or two lanes would do, and the other addresses would get no requests.
   */
  #takeIdle(): Lane | undefined {
    const { lanes, maxLanes } = this.engine;
    if (this.addresses === 1) return this.#idle.pop();
    return lanes.length < Math.min(this.addresses, maxLanes) ? undefined : this.#idle.shift();
  }
}

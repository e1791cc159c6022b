/** The open loop: requests are sent when they are due, whether or not earlier ones were answered. */
import { PHASE } from '../../blocks/sample-block.js';
import type { Lane } from '../lane/lane.js';
import type { LoadLevel } from './level.js';
import type { SendContext, SendLoop } from './send-loop.js';

/** Closer than this to the next due time the loop spins, because timers are only accurate to a millisecond. */
const SPIN_US = 1500;

export class OpenLoop implements SendLoop {
  readonly #idle: Lane[] = [];
  #started = false;
  #timerSet = false;
  /** Counts changes of the rate: a timer that was set before the last one is not waited for. */
  #changes = 0;

  /**
   * @param addresses number of addresses that the lanes' connections are divided among
   * @param early number of lanes whose connections are opened before the start
   */
  constructor(
    readonly engine: SendContext,
    readonly addresses: number,
    readonly early: number,
  ) {}

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
    this.#changes += 1;
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
    const changes = this.#changes;
    const again = () => {
      engine.spin.end(engine.now());
      if (changes !== this.#changes) return;
      this.#timerSet = false;
      this.tick();
    };
    // If a request is due and no lane is free, the next response sends it (laneFree); the timer then only watches
    // for the end of the schedule.
    if (waitUs > 0 && waitUs < SPIN_US) {
      engine.spin.begin(nowUs);
      setImmediate(again);
    } else engine.after(waitUs > 0 ? Math.floor((waitUs - 1000) / 1000) : 1, again);
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
      engine.send(lane, dueUs);
      if (schedule.taken.phase === PHASE.measured) engine.counters.late(nowUs - dueUs, waiting);
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

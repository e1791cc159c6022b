/**
 * The closed loop of a run that is steered: the level says how many connections are in use. Connections above it are
 * closed when their lanes have finished their requests. Lanes are made when they are first needed.
 */
import { dealtPart } from '../lane/connection-share.js';
import type { Lane } from '../lane/lane.js';
import { ClosedLoop, RECONNECT_DELAY_MS } from './closed-loop.js';
import type { LoadLevel } from './level.js';
import { PauseQueue } from './pause-queue.js';
import type { SendContext } from './send-loop.js';
import type { WorkerJob } from './worker-messages.js';

export class SteeredLoop extends ClosedLoop {
  /** Lanes that are made and above the level. */
  readonly #surplus = new Set<Lane>();
  /** Of these, the lanes that have gone out. The others still have a request, or wait. */
  readonly #out = new Set<Lane>();
  readonly #reconnecting: PauseQueue;
  /** Lanes that were refused under this level. Those of earlier levels wait to the end in their own queue. */
  #refused: PauseQueue;

  /** @param level the level to begin with */
  constructor(
    engine: SendContext,
    readonly job: WorkerJob,
    readonly level: LoadLevel,
  ) {
    super(engine, 0);
    this.#reconnecting = this.#pauses(RECONNECT_DELAY_MS);
    this.#refused = this.#pauses(level.pauseAfterRefusalMs);
  }

  override start(): void {
    this.#use(this.level.connections ?? this.job.plan.load.connections);
  }

  override laneFree(lane: Lane, connected: boolean, refused: boolean): void {
    // Lanes above the level and those at the end of the run have nothing to wait for.
    if (this.engine.ended || this.#surplus.has(lane)) this.next(lane);
    else if (!connected) this.#reconnecting.add(lane);
    else if (refused && this.#refused.waitMs > 0) this.#refused.add(lane);
    else this.next(lane);
  }

  /** While all lanes wait, and where this worker has none, nothing else sees that the time is over. */
  override tick(): void {
    const { engine } = this;
    if (engine.ended) return;
    const nowUs = engine.now();
    if (engine.schedule.peek(nowUs)) return;
    engine.endSchedule(nowUs);
    engine.finishIfDone();
  }

  override setLevel({ connections, pauseAfterRefusalMs }: LoadLevel): void {
    if (pauseAfterRefusalMs !== this.#refused.waitMs) this.#refused = this.#pauses(pauseAfterRefusalMs);
    if (connections !== undefined) this.#use(connections);
  }

  protected override next(lane: Lane): void {
    if (this.engine.ended || !this.#surplus.has(lane)) super.next(lane);
    else this.#goOut(lane);
  }

  /** Uses this worker's lanes of the first `connections` connections of the run. */
  #use(connections: number): void {
    const { engine } = this;
    const { plan, worker, workers } = this.job;
    const wanted = dealtPart(connections, worker, workers) * plan.load.streams;
    for (const lane of engine.lanes.slice(wanted)) {
      this.#surplus.add(lane);
      if (!lane.busy) lane.disconnect();
    }
    for (let index = 0; index < wanted && !engine.ended; index += 1) {
      const made = engine.lanes[index];
      if (made === undefined) {
        this.next(engine.addLane());
      } else {
        this.#surplus.delete(made);
        if (this.#out.delete(made)) this.next(made);
      }
    }
  }

  #goOut(lane: Lane): void {
    this.#out.add(lane);
    lane.disconnect();
  }

  #pauses(waitMs: number): PauseQueue {
    return new PauseQueue(this.engine, waitMs, (lane) => this.next(lane));
  }
}

/**
 * Which requests a worker has to send: how many, until when, and to which phase each belongs. It is asked
 * with the time and never looks at a clock itself.
 */

import { PHASE } from '../../blocks/sample-block.js';
import { partOf, requestLimit } from '../lane/connection-share.js';
import { type Pacer, poissonPacer, timeOfCount, uniformPacer } from './pacer.js';
import type { WorkerJob } from './worker-messages.js';

/** A due time that rounding put this little before an end is at the end: half-open intervals stay exact. */
const ROUNDING_US = 0.01;

interface Taken {
  dueUs: number;
  phase: number;
  sequence: number;
}

export interface Schedule {
  /** Open loop: due time of the next request (run clock, µs). */
  dueUs: number;
  /** Open loop: the next request was due while no connection was free. */
  waiting: boolean;
  /** What `take` or `takeUnsent` took last; reused. */
  readonly taken: Taken;
  /** Whether another request may be sent at `nowUs`; false ends the schedule. */
  peek(nowUs: number): boolean;
  /** Takes the next request. In a closed loop it is due when its connection is free for it. */
  take(dueUs: number): Taken;
  /** Open loop, after the end: takes a request that was due before it and never sent. */
  takeUnsent(): boolean;
  /** Open loop: ends the schedule before its time. */
  endNow(nowUs: number): void;
}

/** A closed loop's schedule: as many as fit in the time, or a number of them. */
export function closedSchedule({ plan, worker, workers }: WorkerJob): Schedule {
  const { load } = plan;
  const warmupRequests =
    load.warmup !== null && 'requests' in load.warmup ? partOf(load.warmup.requests, worker, workers) : 0;
  const warmupUs = load.warmup !== null && 'durationMs' in load.warmup ? load.warmup.durationMs * 1000 : 0;
  const measuredRequests = partOf(requestLimit(load), worker, workers);
  const durationUs = load.durationMs === null ? Number.POSITIVE_INFINITY : load.durationMs * 1000;
  let warm = 0;
  let measured = 0;
  let measuredFromUs = warmupRequests > 0 ? Number.NaN : warmupUs;
  const taken: Taken = { dueUs: 0, phase: PHASE.measured, sequence: 0 };
  const warming = (nowUs: number) => warm < warmupRequests || nowUs < warmupUs;
  return {
    dueUs: 0,
    waiting: false,
    taken,
    peek(nowUs) {
      if (warming(nowUs)) return true;
      if (Number.isNaN(measuredFromUs)) measuredFromUs = nowUs;
      return measured < measuredRequests && nowUs < measuredFromUs + durationUs;
    },
    take(dueUs) {
      taken.dueUs = dueUs;
      taken.sequence = warm + measured;
      if (warming(dueUs)) {
        taken.phase = PHASE.warmup;
        warm += 1;
      } else {
        taken.phase = PHASE.measured;
        measured += 1;
      }
      return taken;
    },
    takeUnsent: () => false,
    endNow() {},
  };
}

/** An open loop's schedule: due times fixed beforehand by the rate. */
export function openSchedule({ plan, worker, workers }: WorkerJob): Schedule {
  const { load } = plan;
  const rate = load.ratePerSecond as number;
  const rampUs = load.rampMs * 1000;
  const options = { ratePerSecond: rate, rampUs, worker, workers };
  const pacer: Pacer =
    load.arrival === 'poisson' ? poissonPacer({ ...options, seed: load.seed }) : uniformPacer(options);
  const warmupRequests = load.warmup !== null && 'requests' in load.warmup ? load.warmup.requests : 0;
  const warmupUs =
    load.warmup !== null && 'durationMs' in load.warmup
      ? load.warmup.durationMs * 1000
      : timeOfCount(warmupRequests, rate, rampUs);
  const noWarmup = load.warmup === null;
  // Uniform arrivals are dealt out like cards (worker w has w, w + W, …), Poisson ones are each worker's own.
  const dealt = (total: number) => Math.max(0, Math.ceil((total - worker) / workers));
  const poisson = load.arrival === 'poisson';
  const warmupPart = poisson ? partOf(warmupRequests, worker, workers) : dealt(warmupRequests);
  const requests = requestLimit(load);
  const measuredLimit = poisson
    ? partOf(requests, worker, workers)
    : dealt(warmupRequests + requests) - warmupPart;
  let endUs =
    load.durationMs === null ? Number.POSITIVE_INFINITY : (noWarmup ? 0 : warmupUs) + load.durationMs * 1000;
  let warm = 0;
  let measured = 0;
  const taken: Taken = { dueUs: 0, phase: PHASE.measured, sequence: 0 };
  const isWarm = (dueUs: number) =>
    warmupRequests > 0 ? warm < warmupPart : !noWarmup && dueUs < warmupUs - ROUNDING_US;
  const more = () =>
    schedule.dueUs < endUs - ROUNDING_US && (isWarm(schedule.dueUs) || measured < measuredLimit);
  const take = (): Taken => {
    taken.dueUs = schedule.dueUs;
    taken.sequence = warm + measured;
    if (isWarm(schedule.dueUs)) {
      taken.phase = PHASE.warmup;
      warm += 1;
    } else {
      taken.phase = PHASE.measured;
      measured += 1;
    }
    schedule.dueUs = pacer.next();
    return taken;
  };
  const schedule: Schedule = {
    dueUs: pacer.next(),
    waiting: false,
    taken,
    // What was due in time but found no connection free by the end is not sent any more.
    peek: (nowUs) => more() && !(schedule.waiting && nowUs >= endUs),
    take,
    takeUnsent() {
      if (!more()) return false;
      take();
      return true;
    },
    endNow(nowUs) {
      endUs = Math.min(endUs, nowUs);
    },
  };
  return schedule;
}

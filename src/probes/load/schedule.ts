/**
 * Which requests a worker has to send: how many, until when, and to which phase each belongs. A schedule never reads
 * a clock: its callers pass the time.
 */

import { PHASE } from '../../blocks/sample-block.js';
import type { LoadPlan } from '../../plan/plan.js';
import { dealtPart, partOf } from '../lane/connection-share.js';
import { type Pacer, poissonPacer, timeOfCount, uniformPacer } from './pacer.js';
import type { WorkerJob } from './worker-messages.js';

/**
 * The largest number of measured requests in a run, whatever its duration: rows number requests, and analyses count
 * them, in 32 bits. It is about two days at 25,000 requests per second.
 */
export const MAX_REQUESTS_PER_RUN = 4_000_000_000;

/** The number of measured requests after which the run ends. */
function requestLimit({ requests }: LoadPlan): number {
  return requests ?? MAX_REQUESTS_PER_RUN;
}

/**
 * Due times this close before an end count as at the end. Otherwise rounding could let one request more into an
 * interval, which contains its start but not its end.
 */
const ROUNDING_US = 0.01;

/** A request that was taken from a schedule. */
interface Taken {
  /** Run clock, µs. */
  dueUs: number;
  /** PHASE */
  phase: number;
  /** Number in the worker's order of sending, from 0. */
  sequence: number;
}

/** The requests of one worker, taken one after the other. */
export interface Schedule {
  /** Open loop: due time of the next request (run clock, µs). */
  dueUs: number;
  /** Open loop, set by the loop: the next request became due while no lane was free. */
  waiting: boolean;
  /** The request that `take` or `takeUnsent` took last. The object is reused. */
  readonly taken: Taken;
  /** Whether there is another request, now or later. Once it returns false, the schedule has ended. */
  peek(nowUs: number): boolean;
  /** Takes the next request. In a closed loop it is due when its lane is free for it, at `dueUs`. */
  take(dueUs: number): Taken;
  /**
   * Open loop, after the end: takes a request that was due before the end and not sent.
   *
   * @returns false if there is none
   */
  takeUnsent(): boolean;
  /** Open loop: ends the schedule at `nowUs`, if that is before its own end. */
  endNow(nowUs: number): void;
  /**
   * Open loop: requests are due at another rate from `fromUs` on, or from the last request that was taken if that was due
   * later. What was due by then stays due.
   */
  changeRate(ratePerSecond: number, fromUs: number): void;
}

/** The schedule of a closed loop: as many requests as fit into the duration, or a fixed number of them. */
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
    changeRate() {},
  };
}

/** The schedule of an open loop: the rate fixes the due times in advance. */
export function openSchedule({ plan, worker, workers, level }: WorkerJob): Schedule {
  const { load } = plan;
  const rate = level?.ratePerSecond ?? (load.ratePerSecond as number);
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
  // Uniform arrivals go to the workers in turn: worker w of W has w, w + W, … Poisson arrivals are drawn by each
  // worker, so that each has an equal part of the number.
  const dealt = (total: number) => dealtPart(total, worker, workers);
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
    // A request that was due before the end, but for which no lane was free until the end, is not sent any more.
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
    changeRate(ratePerSecond, fromUs) {
      schedule.dueUs = pacer.changeRate(ratePerSecond, Math.max(fromUs, taken.dueUs));
      // If it is due and no lane is free, the loop sets it again.
      if (schedule.dueUs > fromUs) schedule.waiting = false;
    },
  };
  return schedule;
}

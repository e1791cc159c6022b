/** What a generator counts besides its rows. */
import { type LatenessBucket, mergeBuckets } from './lateness.js';

/** How connections were opened, and how well an open loop kept to its schedule. Times in whole µs. */
export interface RunCounters {
  readonly connectionsOpened: number;
  /** Sum and maximum of the times that opening a connection took, TLS included. */
  readonly connectSumUs: number;
  readonly connectMaxUs: number;
  /** Open loop: measured requests sent more than 1 ms after they were due, although a lane was free: the generator. */
  readonly sentLate: number;
  /** Open loop: lateness of all measured requests that had a free lane when they were due. */
  readonly generatorSumUs: number;
  readonly generatorCount: number;
  readonly generatorMaxUs: number;
  /** The same as a histogram; null in runs that older versions saved. */
  readonly generatorBuckets: readonly LatenessBucket[] | null;
  /** Open loop: measured requests sent more than 1 ms after they were due, because no lane was free: the gateway. */
  readonly waited: number;
  readonly waitMaxUs: number;
  /** Open loop: connections that were opened before the first request and never got one. */
  readonly connectionsUnused: number;
  /** Connections that were closed because bytes came that no request was written for, as far as the driver can tell. */
  readonly connectionsUnasked: number;
}

/** The counters of a run whose end is not known, for example because its file is truncated. */
export interface SeenCounters {
  /** The number of connections that its rows have; null if rows do not show it. */
  readonly connectionsOpened: number | null;
}

type Count = Exclude<keyof RunCounters, 'generatorBuckets'>;

/** The counters of several generators as those of one. */
export function mergeCounters(all: readonly RunCounters[]): RunCounters {
  const sum = (name: Count) => all.reduce((total, counters) => total + counters[name], 0);
  const max = (name: Count) => Math.max(0, ...all.map((counters) => counters[name]));
  return {
    connectionsOpened: sum('connectionsOpened'),
    connectSumUs: sum('connectSumUs'),
    connectMaxUs: max('connectMaxUs'),
    sentLate: sum('sentLate'),
    generatorSumUs: sum('generatorSumUs'),
    generatorCount: sum('generatorCount'),
    generatorMaxUs: max('generatorMaxUs'),
    generatorBuckets: mergeBuckets(all.map(({ generatorBuckets }) => generatorBuckets)),
    waited: sum('waited'),
    waitMaxUs: max('waitMaxUs'),
    connectionsUnused: sum('connectionsUnused'),
    connectionsUnasked: sum('connectionsUnasked'),
  };
}

/** What generators count besides their samples. */

/** How connecting and keeping to the schedule went. Times in whole µs. */
export interface RunCounters {
  readonly connectionsOpened: number;
  readonly connectSumUs: number;
  readonly connectMaxUs: number;
  /** Open loop, see LoadResult.lateness. */
  readonly sentLate: number;
  readonly generatorSumUs: number;
  readonly generatorCount: number;
  readonly generatorMaxUs: number;
  readonly waited: number;
  readonly waitMaxUs: number;
}

/** What is left of the counters where the end of a run is not known. */
export interface SeenCounters {
  /** Those that samples tell of; null when they do not tell. */
  readonly connectionsOpened: number | null;
}

/** Several generators' counters as those of one. */
export function mergeCounters(all: readonly RunCounters[]): RunCounters {
  const sum = (name: keyof RunCounters) => all.reduce((total, counters) => total + counters[name], 0);
  const max = (name: keyof RunCounters) => Math.max(0, ...all.map((counters) => counters[name]));
  return {
    connectionsOpened: sum('connectionsOpened'),
    connectSumUs: sum('connectSumUs'),
    connectMaxUs: max('connectMaxUs'),
    sentLate: sum('sentLate'),
    generatorSumUs: sum('generatorSumUs'),
    generatorCount: sum('generatorCount'),
    generatorMaxUs: max('generatorMaxUs'),
    waited: sum('waited'),
    waitMaxUs: max('waitMaxUs'),
  };
}

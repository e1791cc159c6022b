/** What `npm run calibrate` simulates: tables whose cells are many runs each, so that they can be shared among threads. */

/** What was counted over runs, by name. Tallies of parts of the runs add up. */
export type Tally = Readonly<Record<string, number>>;

/** Simulates runs, one after the other. */
export type Simulation = (runs: number, random: () => number) => Tally;

export interface Row {
  /** By name. */
  readonly cells: Readonly<Record<string, Simulation>>;
  /** The columns of the table. */
  readonly line: (tallies: Readonly<Record<string, Tally>>) => readonly string[];
  /** Goals that are missed by more than chance explains, in words. */
  readonly misses: (tallies: Readonly<Record<string, Tally>>) => readonly string[];
}

export interface Step {
  /** A word for the command line. */
  readonly name: string;
  /** Runs of a cell are divided by this, because they take long; default 1. */
  readonly fewer?: number;
  readonly head: readonly string[];
  readonly rows: readonly Row[];
}

/** So many runs of a cell make a part, whatever the number of threads: the figures depend on the seed only. */
const PART = 1000;

/** Part of a cell's runs. */
export interface Part {
  readonly step: string;
  readonly row: number;
  readonly cell: string;
  readonly runs: number;
  readonly seed: number;
}

/**
 * All parts of a step.
 *
 * @param runs a cell has these, before `fewer`
 */
export function partsOf(step: Step, runs: number, seed: number): Part[] {
  const each = Math.ceil(runs / (step.fewer ?? 1));
  const size = Math.ceil(PART / (step.fewer ?? 1));
  let number = 0;
  return step.rows.flatMap(({ cells }, row) =>
    Object.keys(cells).flatMap((cell) =>
      Array.from({ length: Math.ceil(each / size) }, (_, i) => ({
        step: step.name,
        row,
        cell,
        runs: Math.min(size, each - i * size),
        seed: seed + 7919 * number++,
      })),
    ),
  );
}

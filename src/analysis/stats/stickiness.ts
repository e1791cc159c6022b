/**
 * Do connections keep to versions? A test of homogeneity: if the version is drawn anew for each request, the responses of every
 * connection have the same shares but for chance.
 *
 *     X² = Σ over groups, connections c, versions v of  (x_cv − m_c p_v)² ÷ (m_c p_v)
 *
 * x_cv responses of version v on connection c, m_c responses of c, p_v share of v in the group. Connections are compared only
 * within groups that were open at about the same time, so that shares that change during a run are not taken for stickiness.
 * Without stickiness X² is about chi-square with Σ (C − 1)(V − 1) degrees of freedom (Pearson 1900; A. Agresti, Categorical
 * Data Analysis, 3rd ed., 2013, section 3.2). Where the expected counts are too small for that, versions are permuted among the
 * responses of a group, which is exact for any counts (E. J. G. Pitman, Suppl. J. R. Stat. Soc. 4, 1937).
 */
import { seededRandom } from '../../random.js';
import { chiSquareTail } from './gamma-tail.js';

/** A group of connections: for each, its responses by version. All rows have the same length. */
export type ConnectionGroup = readonly ArrayLike<number>[];

export interface Stickiness {
  /** Probability of an X² at least as large without stickiness. */
  readonly p: number;
  /** X² ÷ degrees of freedom: about 1 without stickiness, about the responses of a connection if it keeps to one version. */
  readonly designEffect: number;
}

/** Cochran's rule: with expected counts from here on the chi-square distribution is close enough. */
const MIN_EXPECTED = 5;
/** Part of the responses that the chi-square test must be able to use; else versions are permuted. */
const MIN_USED = 0.9;
/** So few that p is 0.001 only if no permutation has so large an X². */
const PERMUTATIONS = 999;
/** Permutations with so large an X² after which no more are made: p is then known to about a third. */
const ENOUGH = 10;
/** Responses that are permuted; of more, parts that are spread over the run are taken. */
const MAX_PERMUTED = 5_000;

/**
 * @param seed of the permutations
 * @returns null when nothing can be compared: fewer than two connections at a time, or one version only
 */
export function stickiness(groups: readonly ConnectionGroup[], seed = 1): Stickiness | null {
  const large = groups.map(withLargeCounts).filter((group) => freedom(group) > 0);
  if (responsesIn(large) >= MIN_USED * responsesIn(groups) && large.length > 0) {
    const df = total(large, freedom);
    const chiSquare = total(large, statistic);
    return { p: chiSquareTail(chiSquare, df), designEffect: chiSquare / df };
  }
  const some = sampled(groups.filter((group) => freedom(group) > 0)).filter((group) => freedom(group) > 0);
  if (some.length === 0) return null;
  return { p: permuted(some, seed), designEffect: total(some, statistic) / total(some, freedom) };
}

/**
 * Without the versions and the connections that have too few responses for the chi-square distribution: what is left is as
 * independent as before.
 */
function withLargeCounts(group: ConnectionGroup): ConnectionGroup {
  const totals = totalsOf(group);
  const kept = totals.flatMap((count, v) => (count >= MIN_EXPECTED * group.length ? [v] : []));
  const table = group.map((counts) => kept.map((v) => counts[v] as number));
  const leastShare = Math.min(...sharesOf(table));
  return table.filter((counts) => sumOf(counts) * leastShare >= MIN_EXPECTED);
}

/** (connections − 1) × (versions − 1), of those with responses. */
function freedom(group: ConnectionGroup): number {
  const connections = group.filter((counts) => sumOf(counts) > 0).length;
  const versions = sharesOf(group).filter((share) => share > 0).length;
  return Math.max(0, connections - 1) * Math.max(0, versions - 1);
}

function statistic(group: ConnectionGroup): number {
  return distance(cellsOf(group), expectedOf(group));
}

/** Row after row. */
function cellsOf(group: ConnectionGroup): Float64Array {
  return Float64Array.from(group.flatMap((counts) => Array.from(counts)));
}

/** The same of the expected counts. */
function expectedOf(group: ConnectionGroup): Float64Array {
  const shares = sharesOf(group);
  return Float64Array.from(
    group.flatMap((counts) => {
      const size = sumOf(counts);
      return shares.map((share) => size * share);
    }),
  );
}

function distance(cells: Float64Array, expected: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < cells.length; i++) {
    const mean = expected[i] as number;
    if (mean > 0) sum += ((cells[i] as number) - mean) ** 2 / mean;
  }
  return sum;
}

/**
 * Share of X² at least as large among permutations, the observed one included. When ENOUGH are, no more are made, and p is their
 * share of those that were made without the observed one: with this rule too p is at most α in at most α of runs, for every α
 * (J. Besag, P. Clifford, Biometrika 78, 1991).
 */
function permuted(groups: readonly ConnectionGroup[], seed: number): number {
  const random = seededRandom(seed);
  const observed = total(groups, statistic);
  const shuffles = groups.map((group) => shuffler(group, random));
  let asLarge = 0;
  for (let made = 1; made <= PERMUTATIONS; made++) {
    if (shuffles.reduce((sum, shuffle) => sum + shuffle(), 0) >= observed * (1 - 1e-12)) asLarge += 1;
    if (asLarge === ENOUGH) return ENOUGH / made;
  }
  return (asLarge + 1) / (PERMUTATIONS + 1);
}

/**
 * Each call deals the group's versions out anew and gives X². Only the responses of rarer versions draw their connections, without
 * replacement; the others are of the most frequent version.
 */
function shuffler(group: ConnectionGroup, random: () => number): () => number {
  const totals = totalsOf(group);
  const versions = totals.length;
  const frequent = totals.indexOf(Math.max(...totals));
  const expected = expectedOf(group);
  const undealt = cellsOf(group.map((counts) => totals.map((_, v) => (v === frequent ? sumOf(counts) : 0))));
  const cells = new Float64Array(undealt.length);
  // For each response where its connection's row starts.
  const deck = Uint32Array.from(
    group.flatMap((counts, c) => Array.from({ length: sumOf(counts) }, () => c * versions)),
  );
  return () => {
    cells.set(undealt);
    let at = 0;
    for (let v = 0; v < versions; v++) {
      if (v === frequent) continue;
      for (const end = at + (totals[v] as number); at < end; at++) {
        const from = at + Math.floor(random() * (deck.length - at));
        const row = deck[from] as number;
        deck[from] = deck[at] as number;
        deck[at] = row;
        (cells[row + v] as number)++;
        (cells[row + frequent] as number)--;
      }
    }
    return distance(cells, expected);
  };
}

/** Groups spread evenly over the run; of a large group its first connections. At most MAX_PERMUTED responses. */
function sampled(groups: readonly ConnectionGroup[]): readonly ConnectionGroup[] {
  const step = Math.ceil(responsesIn(groups) / MAX_PERMUTED);
  const taken = groups.filter((_, i) => i % step === 0);
  let left = MAX_PERMUTED;
  return taken.map((group) =>
    group.filter((counts) => {
      left -= sumOf(counts);
      return left >= 0;
    }),
  );
}

function totalsOf(group: ConnectionGroup): number[] {
  const versions = group[0]?.length ?? 0;
  return Array.from({ length: versions }, (_, v) => group.reduce((sum, row) => sum + (row[v] as number), 0));
}

function sharesOf(group: ConnectionGroup): number[] {
  const totals = totalsOf(group);
  const all = totals.reduce((sum, count) => sum + count, 0);
  return totals.map((count) => (all === 0 ? 0 : count / all));
}

function responsesIn(groups: readonly ConnectionGroup[]): number {
  return total(groups, (group) => group.reduce((sum, counts) => sum + sumOf(counts), 0));
}

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let v = 0; v < counts.length; v++) sum += counts[v] as number;
  return sum;
}

function total(groups: readonly ConnectionGroup[], of: (group: ConnectionGroup) => number): number {
  return groups.reduce((sum, group) => sum + of(group), 0);
}

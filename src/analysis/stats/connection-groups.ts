/**
 * Connections whose shares differ: do they fall into groups that each have shares of their own, as connections to replicas of a gateway
 * with different weights do? Two models of the counts are compared by the Bayesian information criterion (G. Schwarz, Annals of
 * Statistics 6, 1978):
 *
 * - a mixture of two to four multinomial distributions, fitted by expectation and maximization (A. P. Dempster, N. M. Laird and
 *   D. B. Rubin, J. R. Stat. Soc. B 39, 1977);
 * - the Dirichlet-multinomial distribution (J. E. Mosimann, Biometrika 49, 1962), in which every connection has shares of its own.
 *   So it is where connections keep to a version for a time.
 */
import { type Counts, sharesOf, sizeOf, totalsOf } from './counts-table.js';
import { logGamma } from './log-gamma.js';

export interface Group {
  readonly connections: number;
  /** Their responses by version. */
  readonly counts: Counts;
}

const MAX_GROUPS = 4;
/** Connections that the models are fitted to; of more, some that are spread evenly. */
const MAX_FITTED = 500;
/** By so much the mixture's criterion must be the better one: "very strong" (R. E. Kass and A. E. Raftery, JASA 90, 1995). */
const BETTER_BY = 10;
/** A group must have so many connections, and each must belong to its group with this probability on average. */
const MIN_CONNECTIONS = 2;
const MIN_CERTAINTY = 0.9;
const ROUNDS = 100;
const PRECISION_STEPS = 40;

/**
 * The groups, those with most connections first; null if connections do not clearly fall into groups.
 *
 * @param connections responses by version
 */
export function connectionGroups(connections: readonly Counts[]): readonly Group[] | null {
  const step = Math.ceil(connections.length / MAX_FITTED);
  const rows = connections.filter((_, i) => i % step === 0);
  const versions = sharesOf(totalsOf(rows)).filter((share) => share > 0).length;
  const criterion = (logLikelihood: number, parameters: number) =>
    parameters * Math.log(rows.length) - 2 * logLikelihood;
  const spread = criterion(dirichletMultinomial(rows), versions);
  let best: { groups: readonly Group[]; criterion: number } | null = null;
  for (let count = 2; count <= MAX_GROUPS; count++) {
    const mixture = fitted(rows, count);
    const groups = groupsOf(mixture, connections);
    const found = criterion(mixture.logLikelihood, count * versions - 1);
    if (groups !== null && (best === null || found < best.criterion)) best = { groups, criterion: found };
  }
  return best !== null && best.criterion + BETTER_BY <= spread ? best.groups : null;
}

interface Mixture {
  /** Part of the connections, by group. */
  readonly weights: readonly number[];
  /** Logarithms of the shares by group and version. */
  readonly logShares: readonly (readonly number[])[];
  /** Without the multinomial coefficients, which both models have. */
  readonly logLikelihood: number;
}

/** Starts from groups of connections that are sorted by the version whose share varies most. */
function fitted(rows: readonly Counts[], count: number): Mixture {
  const v = mostVaried(rows);
  const sorted = rows
    .map((row, i) => ({ i, share: (row[v] as number) / sizeOf(row) }))
    .sort((a, b) => a.share - b.share || a.i - b.i);
  let belongs: Float64Array[] = rows.map(() => new Float64Array(count));
  sorted.forEach(({ i }, rank) => {
    (belongs[i] as Float64Array)[Math.floor((rank * count) / rows.length)] = 1;
  });
  let mixture = maximized(rows, belongs, count);
  for (let round = 0; round < ROUNDS; round++) {
    belongs = rows.map((row) => belonging(row, mixture).parts);
    const next = maximized(rows, belongs, count);
    const gain = next.logLikelihood - mixture.logLikelihood;
    mixture = next;
    if (gain < 1e-6) break;
  }
  return mixture;
}

function mostVaried(rows: readonly Counts[]): number {
  const shares = sharesOf(totalsOf(rows));
  const spread = shares.map((share, v) =>
    share === 0
      ? 0
      : rows.reduce((sum, row) => sum + ((row[v] as number) - sizeOf(row) * share) ** 2, 0) / share,
  );
  return spread.indexOf(Math.max(...spread));
}

function maximized(rows: readonly Counts[], belongs: readonly Float64Array[], count: number): Mixture {
  const weights = Array.from({ length: count }, (_, g) =>
    belongs.reduce((sum, parts) => sum + (parts[g] as number) / rows.length, 0),
  );
  const logShares = weights.map((_, g) => {
    const totals = new Float64Array(rows[0]?.length ?? 0);
    rows.forEach((row, i) => {
      const part = belongs[i]?.[g] as number;
      totals.forEach((total, v) => {
        totals[v] = total + part * (row[v] as number);
      });
    });
    const size = sizeOf(totals);
    // A share of none is below that of half a response: a group without a version is no proof against it.
    return Array.from(totals, (total) => Math.log(Math.max(total, 0.5) / Math.max(size, 1)));
  });
  const mixture = { weights, logShares, logLikelihood: 0 };
  const logLikelihood = rows.reduce((sum, row) => sum + belonging(row, mixture).logLikelihood, 0);
  return { ...mixture, logLikelihood };
}

/** Probabilities that a connection belongs to each group. */
function belonging(
  row: Counts,
  { weights, logShares }: Mixture,
): { readonly parts: Float64Array; readonly logLikelihood: number } {
  const logs = weights.map((weight, g) => {
    let log = Math.log(Math.max(weight, 1e-300));
    for (let v = 0; v < row.length; v++) log += (row[v] as number) * (logShares[g]?.[v] as number);
    return log;
  });
  const most = Math.max(...logs);
  const parts = Float64Array.from(logs, (log) => Math.exp(log - most));
  const total = sizeOf(parts);
  return { parts: parts.map((part) => part / total), logLikelihood: most + Math.log(total) };
}

/** Null if a group is too small, or connections do not clearly belong to one. */
function groupsOf(mixture: Mixture, connections: readonly Counts[]): readonly Group[] | null {
  const members: Counts[][] = mixture.weights.map(() => []);
  let certainty = 0;
  for (const row of connections) {
    const { parts } = belonging(row, mixture);
    const most = Math.max(...parts);
    certainty += most / connections.length;
    members[parts.indexOf(most)]?.push(row);
  }
  if (certainty < MIN_CERTAINTY || members.some((rows) => rows.length < MIN_CONNECTIONS)) return null;
  return members
    .map((rows) => ({ connections: rows.length, counts: totalsOf(rows) }))
    .sort((a, b) => b.connections - a.connections);
}

/** The largest log likelihood over the precision, with the shares of all connections together as the mean. */
function dirichletMultinomial(rows: readonly Counts[]): number {
  const shares = sharesOf(totalsOf(rows));
  const at = (logPrecision: number): number => {
    const precision = Math.exp(logPrecision);
    const logs = shares.map((share) => (share > 0 ? logGamma(precision * share) : 0));
    return rows.reduce((sum, row) => {
      let log = logGamma(precision) - logGamma(precision + sizeOf(row));
      shares.forEach((share, v) => {
        const count = row[v] as number;
        if (count > 0) log += logGamma(precision * share + count) - (logs[v] as number);
      });
      return sum + log;
    }, 0);
  };
  // Golden section search: the likelihood has one maximum.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [-10, 15];
  for (let step = 0; step < PRECISION_STEPS; step++) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (at(left) < at(right)) low = left;
    else high = right;
  }
  return at((low + high) / 2);
}

/**
 * The knee: from how much load on the first of several clusters is full, so that whatever more comes is refused. Formula and
 * measurements: docs/envoy.md.
 */
import type { Taken } from './at-once.js';

/** A cluster with its part of the load. */
export interface LoadedCluster extends Pick<Taken, 'underWay' | 'atOnce'> {
  /** Of the requests, a fraction. */
  readonly share: number;
  /** How long its backends take, above 0; any unit, the same for all. */
  readonly time: number;
}

export interface Knee<T> {
  /** Requests in flight, or per unit of time; Infinity: nothing is ever refused. */
  readonly load: number;
  /** The cluster that is full first; null: none ever is. */
  readonly first: T | null;
}

/**
 * In a cluster that comes as close to its own capacity while the first one is full, requests wait too, as many as may: draws at random fill
 * its queue as well. Without this, a percent between the measured times of equal backends would halve what waits.
 */
const ALMOST_FULL = 0.9;

/**
 * Requests in flight at which the first cluster v is full, on average:
 *
 *     K_v + Σ N_u over the others,   N_u = share_u × time_u ÷ (share_v × time_v) × (what v has under way),   K_u if that fills u
 *
 * since u is sent share_u ÷ share_v times what v gets done, and has as many under way as come in its time. The first to be full is
 * the one with the least capacity for its share of the load. Larger queues never lower the knee. More connections can: the version that is
 * full first is then another one, with its own queue.
 */
export function kneeInFlight<T extends LoadedCluster>(clusters: readonly T[]): Knee<T> {
  const first = firstFull(clusters);
  if (first === null) return { load: Number.POSITIVE_INFINITY, first };
  const load = clusters.reduce((total, one) => {
    if (one === first) return total + one.atOnce;
    const followed = loadAtFull(first) * one.share * one.time;
    const waiting = followed < ALMOST_FULL * one.underWay ? 0 : one.atOnce - one.underWay;
    return total + Math.min(followed, one.underWay) + waiting;
  }, 0);
  return Number.isFinite(load) ? { load, first } : { load, first: null };
}

/**
 * Requests per unit of time at which the first cluster is full: what it gets done ÷ its share. A queue without a limit refuses nothing, so
 * that there is no knee.
 */
export function kneeOfRate<T extends LoadedCluster>(clusters: readonly T[]): Knee<T> {
  const first = firstFull(clusters.filter(({ atOnce }) => Number.isFinite(atOnce)));
  return { load: first === null ? Number.POSITIVE_INFINITY : loadAtFull(first), first };
}

/** Of several that are full at the same load, the one given first. */
function firstFull<T extends LoadedCluster>(clusters: readonly T[]): T | null {
  let first: T | null = null;
  for (const one of clusters) {
    if (loadAtFull(one) < (first === null ? Number.POSITIVE_INFINITY : loadAtFull(first))) first = one;
  }
  return first;
}

/** Requests of all clusters per unit of time that bring the cluster to its capacity. */
function loadAtFull({ share, time, underWay }: LoadedCluster): number {
  return share === 0 ? Number.POSITIVE_INFINITY : underWay / (share * time);
}

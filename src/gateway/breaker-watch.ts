/** Reads what Envoys count of their circuit breakers, at chosen moments: for `weighbridge limits`. */
import { MAX_ADMINS, MAX_CLUSTERS } from '../blocks/gateway-observations.js';
import { compareText } from '../collections.js';
import { OptionError } from '../errors.js';
import { printable } from '../text/printable.js';
import { askAdmin, readStats } from './admin-client.js';
import { adminUrl } from './admin-url.js';
import { isOwn, noCounters } from './counters.js';

const TIMEOUT_MS = 2000;
const MAX_BYTES = 8 << 20;
const MAX_NAME = 512;
/** An interface that fails so often in a row is not asked again: each time may cost the time-out. */
const MAX_FAILED = 3;

/** Counters of a cluster: how often each of its limits refused. */
const COUNTERS = {
  pending: 'upstream_rq_pending_overflow',
  active: 'upstream_rq_active_overflow',
  connection: 'upstream_cx_overflow',
  retry: 'upstream_rq_retry_overflow',
} as const;
/** Gauges: what a limit has left. A cluster has them with `track_remaining`, which Istio sets up to 1.28. */
const REMAINING = {
  connections: 'circuit_breakers.default.remaining_cx',
  pending: 'circuit_breakers.default.remaining_pending',
  requests: 'circuit_breakers.default.remaining_rq',
} as const;

const FILTER = 'upstream_(rq_(pending|active|retry)|cx)_overflow|circuit_breakers\\.default\\.remaining_';
const OF_A_CLUSTER =
  /^cluster\.(.+?);?\.(upstream_(?:rq_\w+|cx)_overflow|circuit_breakers\.default\.remaining_\w+)$/s;
/** For Istio's proxyStatsMatcher. */
const ISTIO_STATS = ['.*upstream_rq_(pending|active|retry)_overflow', '.*upstream_cx_overflow'];

/** How often each kind of limit refused. `active` null: Envoy before 1.38 counts these as `pending`. */
export interface Overflows {
  readonly pending: number;
  readonly active: number | null;
  readonly connection: number;
  readonly retry: number;
}

/** The least that was left of each limit, at the moments that were looked at. */
export type Remaining = Readonly<Record<keyof typeof REMAINING, number>>;

/** What the gateway's replicas counted together, between the first look and the last. */
export interface BreakerReport {
  /** By cluster, those that refused something; null: the gateway keeps no such counters, or none was read. */
  readonly clusters: ReadonlyMap<string, { overflows: Overflows; remaining: Remaining | null }> | null;
  readonly remarks: readonly string[];
}

type Values = ReadonlyMap<string, ReadonlyMap<string, number>>;

export class BreakerWatch {
  readonly #admins: readonly string[];
  readonly #stop: AbortSignal | undefined;
  #first: Values | null = null;
  #last: Values | null = null;
  /** Looks in a row that not all replicas answered. */
  #failed = 0;
  readonly #remaining = new Map<string, Map<string, number>>();
  readonly #remarks = new Set<string>();

  /** @throws UserError for an invalid URL, and too many of them */
  constructor(admins: readonly string[], stop?: AbortSignal) {
    if (admins.length > MAX_ADMINS) {
      throw new OptionError(
        (name) =>
          `${name('gateway.admins')}: at most ${MAX_ADMINS} interfaces are read, not ${admins.length}.`,
      );
    }
    this.#admins = [...new Set(admins.map(adminUrl))];
    this.#stop = stop;
  }

  /**
   * Reads the counters of all replicas. Never rejects.
   *
   * @returns how often limits refused since the first look, by cluster; null: not all replicas answered
   */
  async look(): Promise<ReadonlyMap<string, Overflows> | null> {
    if (this.#failed >= MAX_FAILED) return null;
    const read = await Promise.all(this.#admins.map((admin) => this.#read(admin)));
    const known = read.filter((values) => values !== null);
    if (known.length < read.length || known.length === 0) {
      this.#failed += 1;
      return null;
    }
    this.#failed = 0;
    const values = summed(known);
    this.#first ??= values;
    if (fell(this.#first, values)) {
      this.#remarks.add('Counters of the gateway fell: it was restarted, and counts from then on only.');
      this.#first = new Map();
    }
    this.#last = values;
    this.#keepLowest(known);
    return new Map(this.#growth().map(({ cluster, overflows }) => [cluster, overflows]));
  }

  /** What was counted between the first look and the last. */
  report(): BreakerReport {
    const growth = this.#growth();
    const isRead = this.#last !== null;
    if (isRead && growth.length === 0) return { clusters: null, remarks: [noCounters(ISTIO_STATS)] };
    if (growth.some(({ overflows }) => overflows.active === null)) {
      this.#remarks.add(
        'This Envoy has no counter upstream_rq_active_overflow, which Envoy has from 1.38 on: refusals by the limit on requests are ' +
          'among those of waiting requests.',
      );
    }
    const refused = growth.filter(({ overflows }) => Object.values(overflows).some((count) => count > 0));
    return {
      clusters: isRead
        ? new Map(
            refused
              .sort((a, b) => compareText(a.cluster, b.cluster))
              .map(({ cluster, overflows }) => [
                cluster,
                { overflows, remaining: this.#remainingOf(cluster) },
              ]),
          )
        : null,
      remarks: [...this.#remarks],
    };
  }

  async #read(admin: string): Promise<Values | null> {
    try {
      const answer = await askAdmin(admin, `/stats?format=json&filter=${encodeURIComponent(FILTER)}`, {
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
        ...(this.#stop === undefined ? {} : { stop: this.#stop }),
      });
      return byCluster(readStats(answer));
    } catch (error) {
      if (this.#stop?.aborted !== true) {
        const what = error instanceof Error ? error.message : 'did not answer';
        this.#remarks.add(
          `The counters of ${printable(admin)} are not known for the whole time: it ${what}.`,
        );
      }
      return null;
    }
  }

  #growth(): { cluster: string; overflows: Overflows }[] {
    const first = this.#first ?? new Map();
    return [...(this.#last ?? [])].map(([cluster, now]) => {
      const grown = (name: string) => (now.get(name) ?? 0) - (first.get(cluster)?.get(name) ?? 0);
      return {
        cluster,
        overflows: {
          pending: grown(COUNTERS.pending),
          active: now.has(COUNTERS.active) ? grown(COUNTERS.active) : null,
          connection: grown(COUNTERS.connection),
          retry: grown(COUNTERS.retry),
        },
      };
    });
  }

  #keepLowest(replicas: readonly Values[]): void {
    for (const replica of replicas) {
      for (const [cluster, values] of replica) {
        const lowest = this.#remaining.get(cluster) ?? new Map<string, number>();
        for (const gauge of Object.values(REMAINING)) {
          const value = values.get(gauge);
          if (value !== undefined) lowest.set(gauge, Math.min(value, lowest.get(gauge) ?? value));
        }
        this.#remaining.set(cluster, lowest);
      }
    }
  }

  #remainingOf(cluster: string): Remaining | null {
    const lowest = this.#remaining.get(cluster);
    const connections = lowest?.get(REMAINING.connections);
    const pending = lowest?.get(REMAINING.pending);
    const requests = lowest?.get(REMAINING.requests);
    if (connections === undefined || pending === undefined || requests === undefined) return null;
    return { connections, pending, requests };
  }
}

function byCluster(stats: ReadonlyMap<string, number>): Values {
  const clusters = new Map<string, Map<string, number>>();
  for (const [name, value] of stats) {
    const [, cluster, stat] = OF_A_CLUSTER.exec(name) ?? [];
    if (cluster === undefined || stat === undefined || isOwn(cluster)) continue;
    const key = printable(cluster, MAX_NAME);
    const values = clusters.get(key) ?? new Map<string, number>();
    values.set(stat, value);
    if (clusters.has(key) || clusters.size < MAX_CLUSTERS) clusters.set(key, values);
  }
  return clusters;
}

function summed(replicas: readonly Values[]): Values {
  const all = new Map<string, Map<string, number>>();
  for (const replica of replicas) {
    for (const [cluster, values] of replica) {
      const sums = all.get(cluster) ?? new Map<string, number>();
      for (const [name, value] of values) sums.set(name, (sums.get(name) ?? 0) + value);
      all.set(cluster, sums);
    }
  }
  return all;
}

function fell(first: Values, now: Values): boolean {
  return Object.values(COUNTERS).some((name) =>
    [...now].some(([cluster, values]) => (values.get(name) ?? 0) < (first.get(cluster)?.get(name) ?? 0)),
  );
}

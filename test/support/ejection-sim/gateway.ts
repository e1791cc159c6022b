/** The simulated gateway: replicas with workers, balancers, retries of refused connections, ejections. */
import { MergedHosts } from '../../../src/lab/embedded/merged-hosts.js';
import { type HostResult, OutlierModel } from '../../../src/lab/embedded/outlier-model.js';
import type { Events } from './events.js';
import type { Latency, SimEndpoint, SimSetup, SimVersion } from './setup.js';

/** What a request ends with at the gateway. */
export interface Answer {
  readonly status: number;
  readonly version: string;
  /** Null: the gateway's own reply. */
  readonly endpoint: string | null;
  /** What that says; null: a backend's. */
  readonly own: 'no-healthy-upstream' | 'connection-failure' | null;
}

/** An endpoint that a replica sent nothing to from one moment to another, by the model. */
export interface TrueAbsence {
  readonly version: string;
  readonly endpoint: string;
  readonly replica: number;
  /** When its workers ceased to send; ejection itself may have come a second before (merged-hosts.ts). */
  readonly outMs: number;
  /** When they began again; null: not before the end. */
  backMs: number | null;
}

/** As Istio's default retry policy has it. */
const ATTEMPTS = 3;
const OTHER_HOSTS_TRIED = 5;
const RETRY_BASE_MS = 25;
/** From handing over a host set to the worker's using it, at most. */
const MAX_HAND_OVER_MS = 0.2;

export interface GatewayOptions {
  readonly setup: SimSetup;
  readonly events: Events;
  readonly random: () => number;
  readonly replica: number;
  readonly onAbsence: (absence: TrueAbsence) => void;
}

/** One replica. */
export class SimGateway {
  private readonly clusters: readonly SimCluster[];
  private weights: readonly number[];

  constructor(private readonly options: GatewayOptions) {
    const { setup, events } = options;
    this.weights = setup.versions.map(({ weight }) => weight);
    this.clusters = setup.versions.map((version) => new SimCluster(version, options));
    const change = setup.weightChange;
    if (change !== null) {
      events.at(change.atMs, () => {
        this.weights = change.weights;
      });
    }
  }

  /** A request arrives; `answer` is called when the gateway has its answer. */
  handle(worker: number, atMs: number, answer: (answer: Answer, atMs: number) => void): void {
    (this.clusters[this.draw()] as SimCluster).handle(worker, atMs, answer);
  }

  private draw(): number {
    const total = this.weights.reduce((sum, weight) => sum + weight, 0);
    let left = this.options.random() * total;
    return Math.max(
      0,
      this.weights.findIndex((weight) => {
        left -= weight;
        return left < 0;
      }),
    );
  }
}

/** A version at one replica. */
class SimCluster {
  private readonly outlier: OutlierModel | null;
  private readonly merged: MergedHosts;
  private readonly out = new Set<string>();
  private readonly absences = new Map<string, TrueAbsence>();
  /** Per worker: who may be picked, and whose turn it is. */
  private readonly workers: { available: readonly SimEndpoint[]; turn: number }[];
  private readonly active = new Map<string, number>();

  constructor(
    private readonly version: SimVersion,
    private readonly options: GatewayOptions,
  ) {
    const { setup, events, random, replica, onAbsence } = options;
    const names = version.endpoints.map(({ name }) => name);
    this.merged = new MergedHosts(({ host, healthy, atMs }) => {
      if (healthy) {
        this.out.delete(host);
        (this.absences.get(host) as TrueAbsence).backMs = atMs;
      } else {
        this.out.add(host);
        const absence = { version: version.name, endpoint: host, replica, outMs: atMs, backMs: null };
        this.absences.set(host, absence);
        onAbsence(absence);
      }
      this.handOver(atMs);
    });
    // The gateway has been there for a while: its sweeps come at any time of the run.
    const startMs = -random() * (version.rule?.intervalMs ?? 0);
    this.outlier =
      version.rule === null
        ? null
        : new OutlierModel(names, version.rule, startMs, ({ host, action, atMs }) => {
            if (action === 'refused') return;
            this.merged.change(host, action === 'returned', atMs);
            // Timers of the host set fire without a request.
            events.at(atMs + 1000, (now) => this.merged.advance(now));
          });
    this.workers = Array.from({ length: setup.gateway.workers }, () => ({
      available: [],
      turn: Math.floor(random() * 1000),
    }));
    for (const worker of this.workers) worker.available = this.availableAt(0);
    for (const { joinsMs, leavesMs } of version.endpoints) {
      for (const atMs of [joinsMs, leavesMs]) {
        if (atMs > 0 && Number.isFinite(atMs)) events.at(atMs, (now) => this.handOver(now));
      }
    }
    if (version.rule !== null) this.sweepAt(startMs, version.rule.intervalMs);
  }

  handle(worker: number, atMs: number, answer: (answer: Answer, atMs: number) => void): void {
    this.attempt(worker, atMs, 1, new Set(), answer);
  }

  private attempt(
    worker: number,
    atMs: number,
    number: number,
    tried: Set<string>,
    answer: (answer: Answer, atMs: number) => void,
  ): void {
    const { events, random } = this.options;
    const { name: version } = this.version;
    const endpoint = this.pick(worker, atMs, tried);
    if (endpoint === null) {
      answer({ status: 503, version, endpoint: null, own: 'no-healthy-upstream' }, atMs);
      return;
    }
    const faults = endpoint.faults.filter(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
    if (faults.some(({ kind }) => kind === 'refuse')) {
      events.at(atMs + 0.2, (now) => {
        this.record(endpoint, 'connect-failure', now);
        tried.add(endpoint.name);
        if (number === ATTEMPTS) {
          answer({ status: 503, version, endpoint: null, own: 'connection-failure' }, now);
        } else {
          const waitMs = random() * RETRY_BASE_MS * (2 ** number - 1);
          events.at(now + waitMs, (then) => this.attempt(worker, then, number + 1, tried, answer));
        }
      });
      return;
    }
    const hang = faults.find(({ kind }) => kind === 'hang');
    let status = 200;
    for (const fault of faults) {
      if (fault.kind === 'status' && random() < fault.rate) status = fault.status;
    }
    const heldMs = hang === undefined ? 0 : hang.toMs - atMs;
    this.active.set(endpoint.name, this.load(endpoint) + 1);
    events.at(atMs + heldMs + draw(endpoint.latency, random), (now) => {
      this.active.set(endpoint.name, this.load(endpoint) - 1);
      this.record(endpoint, status, now);
      answer({ status, version, endpoint: endpoint.name, own: null }, now);
    });
  }

  private pick(worker: number, atMs: number, tried: ReadonlySet<string>): SimEndpoint | null {
    this.outlier?.sweepUntil(atMs);
    this.merged.advance(atMs);
    const state = this.workers[worker] as (typeof this.workers)[number];
    if (state.available.length === 0) return null;
    const next = (): SimEndpoint => {
      const { available } = state;
      const any = () => available[Math.floor(this.options.random() * available.length)] as SimEndpoint;
      switch (this.version.balancer) {
        case 'ROUND_ROBIN':
          state.turn += 1;
          return available[state.turn % available.length] as SimEndpoint;
        case 'LEAST_REQUEST': {
          const [a, b] = [any(), any()];
          return this.load(b) < this.load(a) ? b : a;
        }
        case 'RANDOM':
          return any();
      }
    };
    let endpoint = next();
    for (let i = 0; i < OTHER_HOSTS_TRIED && tried.has(endpoint.name); i++) endpoint = next();
    return endpoint;
  }

  private record({ name }: SimEndpoint, result: HostResult, atMs: number): void {
    this.outlier?.record(name, result, atMs);
  }

  private load({ name }: SimEndpoint): number {
    return this.active.get(name) ?? 0;
  }

  private availableAt(atMs: number): readonly SimEndpoint[] {
    return this.version.endpoints.filter(
      ({ name, joinsMs, leavesMs }) => joinsMs <= atMs && atMs < leavesMs && !this.out.has(name),
    );
  }

  /** The workers get to know what has changed, each a little later. */
  private handOver(atMs: number): void {
    const { events, random } = this.options;
    for (const worker of this.workers) {
      events.at(atMs + random() * MAX_HAND_OVER_MS, (now) => {
        worker.available = this.availableAt(now);
      });
    }
  }

  /** A sweep comes whether or not requests do. */
  private sweepAt(lastMs: number, intervalMs: number): void {
    const { events, setup } = this.options;
    const nextMs = lastMs + intervalMs;
    if (nextMs > setup.durationMs + setup.timeoutMs) return;
    const sweep = (now: number) => {
      this.outlier?.sweepUntil(now);
      this.sweepAt(nextMs, intervalMs);
    };
    if (nextMs < 0) this.sweepAt(nextMs, intervalMs);
    else events.at(nextMs, sweep);
  }
}

function draw(latency: Latency, random: () => number): number {
  if (latency.kind === 'fixed') return latency.ms;
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return latency.medianMs * Math.exp(latency.sigma * normal);
}

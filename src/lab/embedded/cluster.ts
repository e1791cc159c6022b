/** One cluster of the embedded gateway: its pods, load balancing, outlier detection and circuit breaker. */
import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import type { EffectivePolicy } from '../../plan/policy/effective-policy.js';
import type { LabPod } from '../mesh/topology.js';
import { Breaker } from './breaker.js';
import { MergedHosts } from './merged-hosts.js';
import { type EjectionEvent, type HostResult, OutlierModel } from './outlier-model.js';

export interface ClusterOptions {
  /** `outbound|80||backend-v1.istio-test.svc.cluster.local` */
  readonly name: string;
  readonly pods: readonly LabPod[];
  readonly policy: EffectivePolicy;
  readonly now: () => number;
  readonly random: () => number;
  readonly onEjection: (event: EjectionEvent & { readonly cluster: string }) => void;
}

/** Other hosts that are tried before a retry settles for one that failed (Istio's default). */
const HOST_SELECTION_ATTEMPTS = 5;

export class Cluster {
  readonly name: string;
  readonly policy: EffectivePolicy;
  readonly breaker: Breaker;
  /** Keeps connections to the pods open. */
  readonly agent = new Agent({ keepAlive: true, maxFreeSockets: Number.POSITIVE_INFINITY, noDelay: true });
  readonly #outlier: OutlierModel | null;
  /** Ejections as they reach the load balancer. */
  readonly #hosts = new MergedHosts();
  readonly #active = new Map<string, number>();
  #turn: number;

  readonly #options: ClusterOptions;

  constructor(options: ClusterOptions) {
    this.#options = options;
    const { name, pods, policy, now, random } = options;
    this.name = name;
    this.policy = policy;
    this.breaker = new Breaker(policy.connectionPool);
    const hosts = pods.map((pod) => pod.name);
    this.#outlier =
      policy.outlierDetection === null
        ? null
        : new OutlierModel(hosts, policy.outlierDetection, now(), (event) => {
            if (event.action !== 'refused') {
              this.#hosts.change(event.host, event.action === 'returned', event.atMs);
            }
            options.onEjection({ ...event, cluster: name });
          });
    this.#turn = Math.floor(random() * Math.max(1, pods.length));
  }

  /**
   * Chooses the pod for a request, by the policy's load balancer among the pods that take requests.
   *
   * @param tried pods that failed this request already: others are preferred
   * @param hashKey the value that a consistent hash uses; null: a random pod
   * @returns null when every pod is ejected, as far as ejections have taken effect (merged-hosts.ts), or there are no pods
   */
  pick(tried: ReadonlySet<string>, hashKey: string | null): LabPod | null {
    const pods = this.#available();
    if (pods.length === 0) return null;
    let pod = this.#next(pods, hashKey);
    for (let i = 0; i < HOST_SELECTION_ATTEMPTS && tried.has(pod.name); i++) pod = this.#next(pods, hashKey);
    return pod;
  }

  /** A request to the pod begins. */
  begin(pod: LabPod): void {
    this.#active.set(pod.name, this.#load(pod) + 1);
  }

  /** A request to the pod is over. */
  end(pod: LabPod): void {
    this.#active.set(pod.name, this.#load(pod) - 1);
  }

  /** Tells outlier detection how a request ended. */
  record(pod: LabPod, result: HostResult): void {
    this.#outlier?.record(pod.name, result, this.#options.now());
  }

  /** Names of the pods that outlier detection has ejected; some may still get requests (merged-hosts.ts). */
  ejected(): readonly string[] {
    return this.#outlier?.ejectedHosts(this.#options.now()) ?? [];
  }

  close(): void {
    this.agent.destroy();
  }

  #available(): readonly LabPod[] {
    const { pods, policy, now } = this.#options;
    if (policy.loadBalancer.policy === 'PASSTHROUGH') return [];
    if (this.#outlier === null) return pods;
    const atMs = now();
    // Sweeps come first: they are what changed hosts before this time.
    this.#outlier.sweepUntil(atMs);
    const healthy = pods.filter((pod) => this.#hosts.takesRequests(pod.name, atMs));
    const minPercent = policy.outlierDetection?.minHealthPercent ?? 0;
    // Below the threshold ejections are ignored; Istio's default of 0 switches that off.
    return (100 * healthy.length) / pods.length < minPercent ? pods : healthy;
  }

  #next(pods: readonly LabPod[], hashKey: string | null): LabPod {
    switch (this.policy.loadBalancer.policy) {
      case 'ROUND_ROBIN':
        this.#turn += 1;
        return pods[this.#turn % pods.length] as LabPod;
      case 'LEAST_REQUEST': {
        // Envoy: of two drawn at random the one with fewer requests under way.
        const [a, b] = [this.#draw(pods), this.#draw(pods)];
        return this.#load(b) < this.#load(a) ? b : a;
      }
      case 'RING_HASH':
      case 'MAGLEV':
        return hashKey === null ? this.#draw(pods) : byHash(pods, hashKey);
      default:
        return this.#draw(pods);
    }
  }

  #draw(pods: readonly LabPod[]): LabPod {
    return pods[Math.floor(this.#options.random() * pods.length)] as LabPod;
  }

  #load(pod: LabPod): number {
    return this.#active.get(pod.name) ?? 0;
  }
}

/** The same key goes to the same pod while it is there (rendezvous hashing, not Envoy's ring). */
function byHash(pods: readonly LabPod[], key: string): LabPod {
  const weight = (pod: LabPod) => createHash('sha256').update(`${key}\n${pod.name}`).digest('hex');
  return pods.reduce((best, pod) => (weight(pod) > weight(best) ? pod : best));
}

/** Which faults are set, and what they do to a request that arrives now. */
import { MAX_TIMER_MS } from '../../blocks/clock.js';
import { UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import type { PodGroups } from '../mesh/pod-groups.js';
import { type FaultSpec, formatFault } from './fault-spec.js';

/** What a pod does with a request. */
export interface Treatment {
  /** Time to wait before anything else. */
  readonly delayMs: number;
  /** The answer in place of the usual one; null: the usual one. */
  readonly answer: { readonly status: number } | 'close' | 'garbage' | null;
}

/** A fault as the control endpoint shows it. */
export interface FaultState {
  readonly fault: string;
  readonly pods: readonly string[];
  readonly state: 'to come' | 'on' | 'over';
}

interface SetFault {
  readonly spec: FaultSpec;
  readonly pods: ReadonlySet<string>;
  readonly startMs: number;
  readonly endMs: number;
}

const UNTOUCHED: Treatment = { delayMs: 0, answer: null };
const MAX_FAULTS = 1000;

export interface FaultBoardOptions {
  /** The names that a fault can give, and their pods (mesh/pod-groups.ts). */
  readonly targets: PodGroups;
  /** Milliseconds of a clock that does not go back. */
  readonly now: () => number;
  /** Uniform in [0, 1): decides for faults with a rate. */
  readonly random: () => number;
  /** Called when pods begin or stop to refuse connections. */
  readonly onRefusing?: (pod: string, refusing: boolean) => void;
}

/** The faults of one lab. */
export class FaultBoard {
  #faults: SetFault[] = [];
  #timers: NodeJS.Timeout[] = [];
  #refusing = new Set<string>();

  readonly #options: FaultBoardOptions;

  constructor(options: FaultBoardOptions) {
    this.#options = options;
  }

  /**
   * Sets a fault; its times count from now. Faults add up; of several that answer, the one set last does.
   *
   * @param where the flag or field it came from, for messages
   * @throws UserError when there is no such target, or too many faults are set
   */
  set(spec: FaultSpec, where: string): void {
    const now = this.#options.now();
    const pods = podsOf(this.#options.targets, spec.target, where);
    this.#faults = this.#faults.filter((fault) => fault.endMs > now);
    if (this.#faults.length >= MAX_FAULTS) {
      throw new UserError(`${where}: ${MAX_FAULTS} faults are set: clear them first`);
    }
    const startMs = now + spec.afterMs;
    const endMs = spec.forMs === null ? Number.POSITIVE_INFINITY : startMs + spec.forMs;
    this.#faults.push({ spec, pods: new Set(pods), startMs, endMs });
    if (spec.effect.kind === 'refuse') {
      this.#updateRefusing();
      for (const atMs of [startMs, endMs]) {
        if (atMs > now && atMs - now < MAX_TIMER_MS) this.#wakeAt(atMs - now);
      }
    }
  }

  /** Ends all faults. */
  clear(): void {
    this.#faults = [];
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#updateRefusing();
  }

  list(): FaultState[] {
    const now = this.#options.now();
    return this.#faults.map(({ spec, pods, startMs, endMs }) => ({
      fault: formatFault(spec),
      pods: [...pods],
      state: now < startMs ? 'to come' : now < endMs ? 'on' : 'over',
    }));
  }

  /** What happens to a request that arrives at this pod now. */
  treat(pod: string): Treatment {
    if (this.#faults.length === 0) return UNTOUCHED;
    const now = this.#options.now();
    let slowMs = 0;
    let heldMs = 0;
    let answer: Treatment['answer'] = null;
    for (const { spec, pods, startMs, endMs } of this.#faults) {
      if (now < startMs || now >= endMs || !pods.has(pod)) continue;
      if (spec.rate < 1 && this.#options.random() >= spec.rate) continue;
      const { effect } = spec;
      if (effect.kind === 'slow') slowMs += effect.delayMs;
      else if (effect.kind === 'stall') heldMs = Math.max(heldMs, endMs - now);
      else if (effect.kind === 'status') answer = { status: effect.status };
      else if (effect.kind !== 'refuse') answer = effect.kind;
    }
    return { delayMs: heldMs + slowMs, answer };
  }

  #wakeAt(delayMs: number): void {
    // A millisecond more: timers may fire a little early by the finer clock.
    const timer = setTimeout(() => this.#updateRefusing(), delayMs + 1);
    timer.unref();
    this.#timers.push(timer);
  }

  #updateRefusing(): void {
    const now = this.#options.now();
    const refusing = new Set(
      this.#faults
        .filter((fault) => fault.spec.effect.kind === 'refuse' && fault.startMs <= now && now < fault.endMs)
        .flatMap((fault) => [...fault.pods]),
    );
    const before = this.#refusing;
    this.#refusing = refusing;
    for (const pod of before) if (!refusing.has(pod)) this.#options.onRefusing?.(pod, false);
    for (const pod of refusing) if (!before.has(pod)) this.#options.onRefusing?.(pod, true);
  }
}

/** Names of the pods that a target means. */
function podsOf(targets: PodGroups, target: string, where: string): readonly string[] {
  const pods = targets.get(target);
  if (pods !== undefined && pods.length > 0) return pods;
  if (pods !== undefined) throw new UserError(`${where}: '${printable(target)}' has no pods`);
  const listed = [...targets.keys()].slice(0, 30).map((name) => printable(name));
  throw new UserError(
    `${where}: there is no pod, version or service '${printable(target)}'. These are there: ${listed.join(', ')}.`,
  );
}

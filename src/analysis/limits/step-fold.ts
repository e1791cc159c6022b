/** Counts the rows of a step: the requests that ended in its window. Steps of a level are merged. */
import type { SampleBlock } from '../../blocks/sample-block.js';
import { NO_LABEL } from '../../blocks/sample-block.js';
import { sum } from '../../collections.js';
import { LogHistogram, THREE_DIGITS } from '../../log-histogram.js';
import { Counts } from '../counts.js';
import { elapsedUs } from '../latency.js';
import { IS_RESPONSE } from '../slot-counts.js';
import { shownPercentile } from '../stats/percentile-bounds.js';
import { NONE, type VersionSlots } from '../version-slots.js';
import { refusedBounds } from './levels.js';
import type { SearchKind, StepPurpose, StepResult, StepTimes, StepVersion } from './result.js';

/** Serial numbers of connections are below this in a worker. */
const SERIALS = 2 ** 32;

export interface StepBegin {
  readonly purpose: StepPurpose;
  readonly kind: SearchKind;
  readonly level: number;
  /** When the level began, µs on the run clock. */
  readonly startUs: number;
  /** A fraction: what its refused share is held against. */
  readonly refusalThreshold: number;
}

/** Times of a version's requests. */
class SlotTimes {
  readonly accepted = new LogHistogram(THREE_DIGITS);
  readonly refused = new LogHistogram(THREE_DIGITS);
  /** Of accepted requests, from sending: what they were in flight, µs. */
  inFlightUs = 0;
}

export class StepFold {
  readonly #begin: StepBegin;
  readonly #slots: VersionSlots;
  readonly #counts = new Counts();
  readonly #times: SlotTimes[] = [];
  readonly #connections = new Set<number>();
  /** The most in a step that was merged: a level that is held again opens others. */
  #mostConnections = 0;
  #fromUs = Number.POSITIVE_INFINITY;
  #toUs = Number.POSITIVE_INFINITY;
  #windowUs = 0;

  constructor(begin: StepBegin, slots: VersionSlots) {
    this.#begin = begin;
    this.#slots = slots;
  }

  /** Requests that end from now on count. */
  open(fromUs: number): void {
    this.#fromUs = fromUs;
  }

  /** Requests that end from now on do not count. Rows of those before may come later. */
  close(toUs: number): void {
    this.#toUs = toUs;
    this.#windowUs = Math.max(0, toUs - this.#fromUs);
  }

  add(block: SampleBlock): void {
    const { kind } = this.#begin;
    const fromUs = this.#fromUs;
    const { dueUs, sendUs, endUs, status, version, outcome, origin, worker, connection, length } = block;
    for (let i = 0; i < length; i++) {
      const end = endUs[i] as number;
      if (!(end >= fromUs && end < this.#toUs)) continue;
      const label = version[i] as number;
      const slot = label === NO_LABEL ? NONE : this.#slots.slotOf(label);
      const code = outcome[i] as number;
      const byBackend = this.#counts.add(slot, code, status[i] as number, origin[i] as number);
      if (connection[i] !== 0)
        this.#connections.add((worker[i] as number) * SERIALS + (connection[i] as number));
      if (IS_RESPONSE[code] !== 1) continue;
      const times = this.#timesOf(slot);
      const service = elapsedUs(sendUs[i] as number, end);
      const response = kind === 'rate' ? elapsedUs(dueUs[i] as number, end) : service;
      if (byBackend) {
        times.accepted.record(response);
        times.inFlightUs += service;
      } else {
        times.refused.record(response);
      }
    }
  }

  /** Adds another step of the level. */
  merge(other: StepFold): void {
    this.#counts.merge(other.#counts);
    other.#times.forEach((from, slot) => {
      const to = this.#timesOf(slot);
      to.accepted.merge(from.accepted);
      to.refused.merge(from.refused);
      to.inFlightUs += from.inFlightUs;
    });
    this.#mostConnections = Math.max(this.#mostConnections, other.#openConnections);
    this.#windowUs += other.#windowUs;
  }

  /** Requests that ended, and those of them that were refused, so far. */
  get soFar(): { readonly requests: number; readonly refused: number } {
    const accepted = sum(this.#times.map((times) => times.accepted.count));
    const refused = sum(this.#times.map((times) => times.refused.count));
    return { requests: accepted + refused + this.#counts.ofClass('failed'), refused };
  }

  /** @param overflows growth of the gateway's counters; null: not asked */
  result(overflows: StepResult['overflows']): StepResult {
    const { purpose, kind, level, startUs, refusalThreshold } = this.#begin;
    const windowMs = this.#windowUs / 1000;
    const perSecond = (count: number) => (windowMs === 0 ? 0 : (count * 1000) / windowMs);
    const { requests, refused } = this.soFar;
    const failed = this.#counts.ofClass('failed');
    const all = this.#merged();
    const accepted = all.accepted.count;
    return {
      purpose,
      connections: kind === 'connections' ? level : null,
      ratePerSecond: kind === 'rate' ? level : null,
      startMs: startUs / 1000,
      windowMs,
      requests,
      offered: perSecond(requests),
      goodput: perSecond(accepted),
      accepted,
      acceptedInFlight: windowMs === 0 ? 0 : all.inFlightUs / 1000 / windowMs,
      refused,
      refusedShare: requests === 0 ? 0 : refused / requests,
      refusedBounds: refusedBounds({ requests, refused }, refusalThreshold),
      refusedByKind: this.#kinds(),
      failed,
      errors: this.#backendErrors(),
      openConnections: this.#openConnections,
      latencyUs: { accepted: timesOf(all.accepted), refused: timesOf(all.refused) },
      versions: this.#versions(windowMs),
      overflows,
    };
  }

  get #openConnections(): number {
    return Math.max(this.#mostConnections, this.#connections.size);
  }

  #versions(windowMs: number): StepVersion[] {
    const used = (slot: number) => this.#timesOf(slot).accepted.count + this.#timesOf(slot).refused.count > 0;
    return [...this.#slots.listed(used), ...(used(NONE) ? [NONE] : [])].map((slot) => {
      const { accepted, refused, inFlightUs } = this.#timesOf(slot);
      return {
        version: this.#slots.names[slot] as string,
        goodput: windowMs === 0 ? 0 : (accepted.count * 1000) / windowMs,
        accepted: accepted.count,
        acceptedInFlight: windowMs === 0 ? 0 : inFlightUs / 1000 / windowMs,
        refused: refused.count,
        refusedByKind: this.#kinds(slot),
        latencyUs: { accepted: timesOf(accepted), refused: timesOf(refused) },
      };
    });
  }

  #kinds(slot?: number): Record<string, number> {
    return { ...this.#counts.gatewayReplies(slot), ...this.#counts.failures(slot) };
  }

  /** Answers of backends with 5xx. */
  #backendErrors(): number {
    const { kinds } = this.#counts.errors((status) => status >= 500);
    return sum(Object.entries(kinds).map(([kind, count]) => (/^5\d\d$/.test(kind) ? count : 0)));
  }

  #merged(): SlotTimes {
    const all = new SlotTimes();
    for (const times of this.#times) {
      all.accepted.merge(times.accepted);
      all.refused.merge(times.refused);
      all.inFlightUs += times.inFlightUs;
    }
    return all;
  }

  #timesOf(slot: number): SlotTimes {
    while (this.#times.length <= slot) this.#times.push(new SlotTimes());
    return this.#times[slot] as SlotTimes;
  }
}

function timesOf(times: LogHistogram): StepTimes {
  const { count, sum: total, max } = times;
  return {
    count,
    mean: count === 0 ? null : total / count,
    p50: shownPercentile(times, 50),
    p90: shownPercentile(times, 90),
    p99: shownPercentile(times, 99),
    max: count === 0 ? null : max,
  };
}

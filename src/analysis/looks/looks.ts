/**
 * Looks at a run while it goes on, until its verdict is known. Looks fall at fixed numbers of requests in the order of sending,
 * and their tests hold at every look, so that to stop at the first one that decides makes no verdict more often wrong.
 */
import type { SampleBlock } from '../../blocks/sample-block.js';
import type { JudgePlan } from '../../plan/plan.js';
import type { CheckInput } from '../checks/check-input.js';
import { makeChecks } from '../checks/index.js';
import type { ConnectionDraws } from '../connections.js';
import { checkInput } from '../counted.js';
import { Counts } from '../counts.js';
import { LatencyFold } from '../latency.js';
import type { Check, ConnectionsResult } from '../result.js';
import { worst } from '../stats/two-one-sided.js';
import type { VersionSlots } from '../version-slots.js';
import { FirstRequests } from './first-requests.js';
import { nextLook } from './look-times.js';
import { SentOrder } from './sent-order.js';

/** So many requests, or this part of those looked at, may be sent beyond what was looked at. */
const AHEAD = 200;
const AHEAD_PART = 0.02;

/** What a look that decided was over. */
export interface DecidedLook {
  readonly input: CheckInput;
  readonly checks: readonly Check[];
  /** How many requests, the first in the order of sending. */
  readonly requests: number;
}

type ComparedConnections = Pick<ConnectionsResult, 'keepVersion' | 'keepToOne' | 'oneVersion' | 'compared'>;

export interface LooksOptions {
  readonly judge: JudgePlan;
  readonly slots: VersionSlots;
  readonly mode: 'closed' | 'open';
  /** Worker threads that send. */
  readonly workers: number;
  /** Requests that may be unanswered at once. */
  readonly inFlight: number;
  /** Compares the connections so far; null: nothing can be compared. */
  readonly connections: () => ComparedConnections | null;
}

export class Looks {
  /** The look that decided; null: none has yet. */
  decided: DecidedLook | null = null;
  /** How often the counts were looked at. */
  count = 0;
  /** More draws are needed than the connections that are open are: each is to be closed after some requests. */
  wantsConnections = false;
  readonly #options: LooksOptions;
  readonly #order: SentOrder;
  readonly #counts = new Counts();
  readonly #latency: LatencyFold;
  readonly #firsts = new FirstRequests();
  /** What a draw is; unknown where there is nothing to compare: then it may be a connection. */
  #unit: 'request' | 'connection' | 'unknown' = 'request';
  #nextComparison = 2 * nextLook(0);
  readonly #ahead: number;
  #requests = 0;
  #next = nextLook(0);
  readonly #comparisons = new Comparisons();

  constructor(options: LooksOptions) {
    this.#options = options;
    this.#order = new SentOrder(options.workers);
    this.#latency = new LatencyFold(options.mode);
    this.#ahead = Math.max(AHEAD, 2 * options.inFlight);
  }

  /** How many measured requests may be sent in all, so that few are in vain when the verdict is known. */
  get allowed(): number {
    return this.#requests + Math.max(this.#ahead, Math.floor(AHEAD_PART * this.#requests));
  }

  /** Adds a row of the warm-up or a measured one, and looks if it is time. */
  add(block: SampleBlock, row: number, slot: number, latencyUs: number): void {
    if (this.decided !== null) return;
    this.#order.add(block, row, slot, latencyUs);
    while (this.decided === null && this.#order.next()) {
      this.#count();
      this.#requests += 1;
      if (this.#requests === this.#next) this.#look();
    }
  }

  /** Counts the row that is next in the order. */
  #count(): void {
    const columns = this.#order;
    const { at } = columns;
    const slot = columns.slot[at] as number;
    const outcome = columns.outcome[at] as number;
    const status = columns.status[at] as number;
    const origin = columns.origin[at] as number;
    const latencyUs = columns.latencyUs[at] as number;
    if (this.#counts.add(slot, outcome, status, origin)) this.#latency.add(slot, latencyUs, latencyUs);
    const worker = columns.worker[at] as number;
    this.#firsts.add(worker, columns.connection[at] as number, slot, outcome, status, origin);
  }

  /**
   * Draws of a run that no look decided; null: each request is a draw, or the order of sending is not known.
   *
   * @param found how the connections of the whole run compare
   */
  lastDraws(found: ComparedConnections | null): ConnectionDraws | null {
    if (this.#requests === 0) return null;
    const isDraw = this.#unit === 'connection' || this.#isUnknown(found) || found?.keepVersion === true;
    return isDraw ? this.#firsts.draws() : null;
  }

  /** The last look, over a whole run that no look decided. */
  lastChecks(input: CheckInput): readonly Check[] {
    this.count += 1;
    return [...makeChecks(input, 'any look'), ...this.#comparisons.last(input)];
  }

  #look(): void {
    this.count += 1;
    this.#next = nextLook(this.#requests);
    if (this.#unit !== 'connection') {
      const byRequests = this.#checked(null);
      const claims = byRequests !== null;
      // Where connections are the draws, requests may never claim anything.
      if (claims || this.#requests >= this.#nextComparison) this.#compareConnections(claims);
      if (this.#unit === 'request') {
        this.decided = byRequests;
        return;
      }
    }
    this.decided = this.#checked(this.#firsts.draws());
  }

  /**
   * Finds out what a draw is.
   *
   * @param claims something is to be claimed by it; else only connections that clearly keep to one version count as draws, since
   *   this is asked often
   */
  #compareConnections(claims: boolean): void {
    this.#nextComparison = 2 * this.#requests;
    const found = this.#options.connections();
    const keeps = claims ? found?.keepVersion : found?.keepToOne;
    this.#unit = keeps === true ? 'connection' : this.#isUnknown(found) ? 'unknown' : 'request';
    this.wantsConnections ||= this.#unit !== 'request';
  }

  /**
   * Whether still no draw is known: nothing can be compared, or nothing could be, and no connection has two versions yet. A few
   * responses of one that keeps to a rare version are too few for p.
   */
  #isUnknown(found: ComparedConnections | null): boolean {
    return found === null || (this.#unit === 'unknown' && found.oneVersion === found.compared);
  }

  /** Null: these counts decide nothing. */
  #checked(draws: ConnectionDraws | null): DecidedLook | null {
    const { judge, slots } = this.#options;
    const input = checkInput(
      { judge, method: 'sequential', slots, counts: this.#counts, latency: this.#latency },
      { draws, scheduled: this.#requests, gatewayLeft: false, rules: [], endpointsMissing: false },
    );
    const checks = [...makeChecks(input, 'any look'), ...this.#comparisons.at(input, this.#requests)];
    const verdict = worst(checks.map((check) => check.verdict));
    const decides = verdict === 'pass' || verdict === 'fail';
    return decides ? { input, checks, requests: this.#requests } : null;
  }
}

/**
 * Checks without a test that holds at every look. They are made only when there are twice as many requests as at the last time,
 * the j-th time with a chance of error of α ÷ (j (j + 1)): these add up to α.
 */
class Comparisons {
  #times = 0;
  #requests = 0;
  #checks: readonly Check[] = [];

  at(input: CheckInput, requests: number): readonly Check[] {
    if (requests >= 2 * this.#requests) {
      this.#requests = requests;
      this.#checks = this.last(input);
    }
    return this.#checks;
  }

  last(input: CheckInput): readonly Check[] {
    this.#times += 1;
    const { judge } = input;
    const alpha = (1 - judge.confidence) / (this.#times * (this.#times + 1));
    return makeChecks({ ...input, judge: { ...judge, confidence: 1 - alpha } }, 'doublings');
  }
}

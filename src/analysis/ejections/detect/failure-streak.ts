/**
 * 5xx in a row, in the order of the responses. A gateway counts in the order in which it gets them, which lies
 * between sending and response of each: so of the one that fills a count it is known between which times it came.
 */
import type { EjectionRule } from '../../../plan/plan.js';

/** Of a row so many are kept one by one, for the bounds; more where a rule asks for more. */
const KEPT = 64;
const MAX_KEPT = 4096;

/** A row as far as it has come. Times in µs. */
export interface FailureState {
  readonly consecutive: number;
  readonly statuses: ReadonlyMap<number, number>;
  readonly firstSendUs: number;
  readonly lastSendUs: number;
  readonly lastSeenUs: number;
  /** Position in the row of the one that fills the rule's count; null when none has, or there is no rule. */
  readonly trigger: {
    readonly position: number;
    readonly cause: '5xx' | 'gateway-errors';
    /** Between which times the gateway got it. */
    readonly boundsUs: readonly [lo: number, hi: number];
    readonly seenUs: number;
    readonly inFlight: number;
  } | null;
}

export class FailureTracker {
  #consecutive = 0;
  #gatewayErrors = 0;
  #statuses = new Map<number, number>();
  #firstSendUs = Number.POSITIVE_INFINITY;
  #lastSendUs = Number.NEGATIVE_INFINITY;
  #lastSeenUs = Number.NEGATIVE_INFINITY;
  /** Of the first of the row. */
  #sendsUs: number[] = [];
  #seensUs: number[] = [];
  /** Sends of 5xx that came before the last good answer, but may have been after it to the gateway. */
  #doubtfulUs: number[] = [];
  #goodSeenUs = Number.NEGATIVE_INFINITY;
  #triggerAt = 0;
  #triggerCause: '5xx' | 'gateway-errors' = '5xx';
  #triggerSeenUs = Number.NaN;
  #triggerInFlight = 0;

  constructor(readonly rule: EjectionRule | null) {}

  get consecutive(): number {
    return this.#consecutive;
  }

  /** How much of what the rule asks for the row fills; null without a rule, or with one that counts nothing. */
  get partOfRule(): number | null {
    const { consecutive5xx = 0, consecutiveGatewayErrors = 0 } = this.rule ?? {};
    if (consecutive5xx === 0 && consecutiveGatewayErrors === 0) return null;
    const part = (count: number, asked: number) => (asked === 0 ? 0 : count / asked);
    return Math.max(
      this.#triggerAt > 0 ? 1 : 0,
      part(this.#consecutive, consecutive5xx),
      part(this.#gatewayErrors, consecutiveGatewayErrors),
    );
  }

  /** @param inFlight other requests to the endpoint that are under way */
  failed(status: number, sendUs: number, seenUs: number, inFlight: number): void {
    this.#consecutive += 1;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    if (sendUs < this.#firstSendUs) this.#firstSendUs = sendUs;
    if (sendUs > this.#lastSendUs) this.#lastSendUs = sendUs;
    this.#lastSeenUs = seenUs;
    if (this.#sendsUs.length < this.#kept) {
      this.#sendsUs.push(sendUs);
      this.#seensUs.push(seenUs);
    }
    const { rule } = this;
    if (rule === null) return;
    this.#gatewayErrors = status >= 502 && status <= 504 ? this.#gatewayErrors + 1 : 0;
    if (this.#triggerAt > 0) return;
    const by5xx = rule.consecutive5xx > 0 && this.#consecutive === rule.consecutive5xx;
    const byGateway =
      rule.consecutiveGatewayErrors > 0 && this.#gatewayErrors === rule.consecutiveGatewayErrors;
    if (!by5xx && !byGateway) return;
    this.#triggerAt = this.#consecutive;
    this.#triggerCause = byGateway ? 'gateway-errors' : '5xx';
    this.#triggerSeenUs = seenUs;
    this.#triggerInFlight = inFlight;
  }

  /** Another answer: the row ends. */
  good(sendUs: number, seenUs: number): void {
    if (this.#consecutive > 0) {
      const doubtful = this.#sendsUs.filter((_, i) => (this.#seensUs[i] as number) > sendUs);
      this.reset();
      this.#doubtfulUs = doubtful;
    } else if (this.#doubtfulUs.length > 0) {
      this.#doubtfulUs = [];
    }
    this.#gatewayErrors = 0;
    if (seenUs > this.#goodSeenUs) this.#goodSeenUs = seenUs;
  }

  /** Begins anew, as the gateway does for an endpoint that comes back. */
  reset(): void {
    this.#consecutive = 0;
    this.#gatewayErrors = 0;
    this.#statuses = new Map();
    this.#firstSendUs = Number.POSITIVE_INFINITY;
    this.#lastSendUs = Number.NEGATIVE_INFINITY;
    this.#sendsUs = [];
    this.#seensUs = [];
    this.#doubtfulUs = [];
    this.#triggerAt = 0;
  }

  state(): FailureState {
    return {
      consecutive: this.#consecutive,
      statuses: new Map(this.#statuses),
      firstSendUs: this.#firstSendUs,
      lastSendUs: this.#lastSendUs,
      lastSeenUs: this.#lastSeenUs,
      trigger:
        this.#triggerAt === 0
          ? null
          : {
              position: this.#triggerAt,
              cause: this.#triggerCause,
              boundsUs: this.#triggerBounds(),
              seenUs: this.#triggerSeenUs,
              inFlight: this.#triggerInFlight,
            },
    };
  }

  /**
   * The earliest: so many may have been sent by then, those counted that only may belong to the row. The latest:
   * so many were seen by then of those that were sent after the last good answer was seen.
   */
  #triggerBounds(): readonly [number, number] {
    const wanted = this.#triggerAt;
    const possible = [...this.#doubtfulUs, ...this.#sendsUs].sort((a, b) => a - b);
    const certain = this.#seensUs.filter((_, i) => (this.#sendsUs[i] as number) >= this.#goodSeenUs);
    const lo = possible[wanted - 1] ?? this.#firstSendUs;
    const hi = certain[wanted - 1] ?? this.#lastSeenUs;
    return [lo, Math.max(hi, this.#triggerSeenUs)];
  }

  get #kept(): number {
    const { rule } = this;
    const asked = rule === null ? 0 : Math.max(rule.consecutive5xx, rule.consecutiveGatewayErrors);
    return Math.min(MAX_KEPT, KEPT + 2 * asked);
  }
}

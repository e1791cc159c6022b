/**
 * A streak: consecutive 5xx (or other errors, if the rule has error codes) of one endpoint, in order of the responses at the client. The gateway counts responses in the
 * order in which it gets them. It gets each one between the request's send time and the response at the client, so the time
 * of the one that fills a count is known only within bounds.
 */
import type { EjectionRule } from '../../../plan/plan.js';
import { isGatewayError } from '../../../plan/policy/counted-status.js';

/** The times of so many 5xx of a streak are kept, for the bounds; if more, twice the rule's count, up to MAX_KEPT. */
const KEPT = 64;
const MAX_KEPT = 4096;

/** A copy of a streak as it is at one moment. Times in µs. */
export interface StreakState {
  /** Length. */
  readonly consecutive: number;
  /** 5xx by status. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly firstSendUs: number;
  readonly lastSendUs: number;
  readonly lastSeenUs: number;
  /** The 5xx that fills the rule's count; null: none does, or there is no rule. */
  readonly trigger: {
    /** 1 for the first of the streak. */
    readonly position: number;
    readonly cause: '5xx' | 'gateway-errors';
    /** The gateway got it between these times. */
    readonly boundsUs: readonly [lo: number, hi: number];
    readonly seenUs: number;
    /** Other requests to the endpoint that were in flight then. */
    readonly inFlight: number;
  } | null;
}

export class FailureStreak {
  #consecutive = 0;
  #gatewayErrors = 0;
  #statuses = new Map<number, number>();
  #firstSendUs = Number.POSITIVE_INFINITY;
  #lastSendUs = Number.NEGATIVE_INFINITY;
  #lastSeenUs = Number.NEGATIVE_INFINITY;
  /** Times of the first 5xx, up to {@link #kept}. */
  #sendsUs: number[] = [];
  #seensUs: number[] = [];
  /** Send times of 5xx that were seen before the last good answer, but may have reached the gateway after it. */
  #possiblyLaterUs: number[] = [];
  #goodSeenUs = Number.NEGATIVE_INFINITY;
  #triggerAt = 0;
  #triggerCause: '5xx' | 'gateway-errors' = '5xx';
  #triggerSeenUs = Number.NaN;
  #triggerInFlight = 0;

  constructor(readonly rule: EjectionRule | null) {}

  get consecutive(): number {
    return this.#consecutive;
  }

  /** Length of the streak ÷ the rule's count; null: there is no rule, or its counts are 0. */
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

  /** A 5xx is seen. `inFlight`: other requests to the endpoint that are in flight. */
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
    this.#gatewayErrors = isGatewayError(status) ? this.#gatewayErrors + 1 : 0;
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

  /** A good answer is seen: the streak ends. */
  good(sendUs: number, seenUs: number): void {
    if (this.#consecutive > 0) {
      const possiblyLater = this.#sendsUs.filter((_, i) => (this.#seensUs[i] as number) > sendUs);
      this.reset();
      this.#possiblyLaterUs = possiblyLater;
    } else if (this.#possiblyLaterUs.length > 0) {
      this.#possiblyLaterUs = [];
    }
    this.#gatewayErrors = 0;
    if (seenUs > this.#goodSeenUs) this.#goodSeenUs = seenUs;
  }

  /** Starts again at zero, as the gateway does for an endpoint that it puts back. */
  reset(): void {
    this.#consecutive = 0;
    this.#gatewayErrors = 0;
    this.#statuses = new Map();
    this.#firstSendUs = Number.POSITIVE_INFINITY;
    this.#lastSendUs = Number.NEGATIVE_INFINITY;
    this.#sendsUs = [];
    this.#seensUs = [];
    this.#possiblyLaterUs = [];
    this.#triggerAt = 0;
  }

  state(): StreakState {
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
   * Bounds of the time at which the gateway got the 5xx that filled the count. Lower: so many were sent, including 5xx
   * that may not belong to the streak. Upper: so many were seen that certainly belong to it, because they were sent after
   * the last good answer was seen.
   */
  #triggerBounds(): readonly [number, number] {
    const count = this.#triggerAt;
    const possible = [...this.#possiblyLaterUs, ...this.#sendsUs].sort((a, b) => a - b);
    const certain = this.#seensUs.filter((_, i) => (this.#sendsUs[i] as number) >= this.#goodSeenUs);
    const lo = possible[count - 1] ?? this.#firstSendUs;
    const hi = certain[count - 1] ?? this.#lastSeenUs;
    return [lo, Math.max(hi, this.#triggerSeenUs)];
  }

  get #kept(): number {
    const { rule } = this;
    const asked = rule === null ? 0 : Math.max(rule.consecutive5xx, rule.consecutiveGatewayErrors);
    return Math.min(MAX_KEPT, KEPT + 2 * asked);
  }
}

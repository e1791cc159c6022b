/**
 * Detects that an endpoint's share of the traffic drops, and that it returns, by cumulative sums (CUSUM, Page 1954) over
 * slices of time. The sum adds the log-likelihood ratio of half the share to the whole share. It grows while the smaller
 * share explains the traffic better, and never falls below 0.
 */

/** With a sum of this the share has dropped: about one false alarm in 10⁹ endpoints and runs. */
const DROPPED = Math.log(1e9);
/** With a sum of this it has returned. */
const RETURNED = Math.log(1e6);
/** The alternative that is tested: the endpoint keeps this part of its share. */
const HALF = 0.5;
/** A drop leaves at least this part, so that likelihoods stay finite. */
const MIN_LEFT = 0.01;

/** An endpoint got a smaller share of its version's traffic. Times in µs. */
export interface TrafficDrop {
  /** It began after `lo`, and before `hi` unless it had ended by then. */
  readonly startBoundsUs: readonly [lo: number, hi: number];
  /** Null: it has not ended. */
  readonly endBoundsUs: readonly [lo: number, hi: number] | null;
  /** The part of its share that it lost, 0 to 1. */
  readonly fraction: number;
}

export class DropDetector {
  readonly #share: { readonly likely: number; readonly least: number };
  #sum = 0;
  /** End of the slice before the sum began to grow, and of the next one. */
  #zeroUs: number;
  #firstUs = Number.NaN;
  /** Its requests during the drop, and how many its share would have been. */
  #own = 0;
  #expected = 0;
  #dropped = false;
  /** The sum for the return, and the same figures since it began to grow: they do not belong to the drop. */
  #backSum = 0;
  #backZeroUs = Number.NaN;
  #backOwn = 0;
  #backExpected = 0;

  /**
   * @param sinceUs from when on it is watched
   * @param share of the version's requests until then: estimate, and lower bound. During a drop it cannot be measured
   */
  constructor(sinceUs: number, share: { readonly likely: number; readonly least: number }) {
    this.#zeroUs = sinceUs;
    this.#share = share;
  }

  /** Whether nothing points to a drop. */
  get idle(): boolean {
    return !this.#dropped && this.#sum === 0;
  }

  /**
   * Takes a slice of time.
   *
   * @param requests of the version
   * @param own those of them that may have been the endpoint's
   * @param maxShare an even share among the endpoints that are present
   * @returns a drop that has ended; null: none
   */
  add(requests: number, own: number, maxShare: number, untilUs: number): TrafficDrop | null {
    const share = Math.min(this.#share.least, maxShare);
    if (requests === 0 || share <= 0) return null;
    const expected = requests * Math.min(this.#share.likely, maxShare);
    if (this.#dropped) return this.#addDropped(requests, own, expected, share, untilUs);
    this.#sum = Math.max(0, this.#sum + logRatio(requests, own, share, share * HALF));
    if (this.#sum === 0) {
      this.#zeroUs = untilUs;
      this.#own = 0;
      this.#expected = 0;
      this.#firstUs = Number.NaN;
      return null;
    }
    if (Number.isNaN(this.#firstUs)) this.#firstUs = untilUs;
    this.#count(own, expected);
    if (this.#sum > DROPPED) {
      this.#dropped = true;
      this.#backZeroUs = untilUs;
    }
    return null;
  }

  /** @param untilUs since when the endpoint is sent nothing at all; null: the run is over */
  open(untilUs: number | null): TrafficDrop | null {
    return this.#dropped ? this.#drop(untilUs) : null;
  }

  #addDropped(
    requests: number,
    own: number,
    expected: number,
    share: number,
    untilUs: number,
  ): TrafficDrop | null {
    const left = Math.max(MIN_LEFT, 1 - this.#fraction);
    this.#backSum = Math.max(0, this.#backSum + logRatio(requests, own, share * left, share));
    if (this.#backSum === 0) {
      this.#count(this.#backOwn + own, this.#backExpected + expected);
      this.#backOwn = 0;
      this.#backExpected = 0;
      this.#backZeroUs = untilUs;
      return null;
    }
    this.#backOwn += own;
    this.#backExpected += expected;
    return this.#backSum > RETURNED ? this.#drop(untilUs) : null;
  }

  get #fraction(): number {
    return this.#expected === 0 ? 0 : Math.max(0, 1 - this.#own / this.#expected);
  }

  #count(own: number, expected: number): void {
    this.#own += own;
    this.#expected += expected;
  }

  #drop(untilUs: number | null): TrafficDrop {
    return {
      startBoundsUs: [this.#zeroUs, Math.max(this.#zeroUs, this.#firstUs)],
      endBoundsUs: untilUs === null ? null : [Math.min(this.#backZeroUs, untilUs), untilUs],
      fraction: this.#fraction,
    };
  }
}

/** Log-likelihood ratio of `own` in `requests` for share `to` against share `from`. */
function logRatio(requests: number, own: number, from: number, to: number): number {
  const p = Math.min(0.999, from);
  const q = Math.min(0.999, to);
  return own * Math.log(q / p) + (requests - own) * (Math.log1p(-q) - Math.log1p(-p));
}

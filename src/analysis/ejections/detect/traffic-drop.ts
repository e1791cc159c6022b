/**
 * An endpoint that loses a part of its traffic: some of several gateways ejected it and others did not. Cumulative
 * sums of the log-likelihood ratio (Page 1954) of half its share against its share, and back again, over slices of
 * time; only of endpoints that a rule may have ejected.
 */

/** Sum from which traffic has fallen; a chance of about one in a thousand million per endpoint and run. */
const FALLEN = Math.log(1e9);
/** The same for its return. */
const RETURNED = Math.log(1e6);
/** What it is held against: gateways that eject it take this part. */
const HALF = 0.5;

/** A fall as it was found. Times in µs. */
export interface Fall {
  /** It began after lo; by hi it was over or had begun for sure. */
  readonly startBoundsUs: readonly [lo: number, hi: number];
  readonly endBoundsUs: readonly [lo: number, hi: number] | null;
  /** The part that it lost. */
  readonly fraction: number;
}

export class FallWatch {
  #sum = 0;
  /** End of the slice before the sum began to grow, and of the next. */
  #zeroUs: number;
  #firstUs = Number.NaN;
  #hits = 0;
  #expected = 0;
  #fallen = false;
  #back = 0;
  #backZeroUs = Number.NaN;
  /** Hits since the sum of its return began to grow: no part of the fall. */
  #backHits = 0;
  #backExpected = 0;

  /**
   * @param sinceUs from when on it is watched
   * @param share its part of the version's requests until then, and at least: what it has during a fall is no measure
   */
  constructor(
    sinceUs: number,
    readonly share: { readonly likely: number; readonly least: number },
  ) {
    this.#zeroUs = sinceUs;
  }

  /**
   * Takes a slice of time.
   *
   * @param requests of the version, and hits of them the endpoint's
   * @param most what its share can be with the others that are there
   * @returns a fall that is over, or null
   */
  add(requests: number, hits: number, most: number, untilUs: number): Fall | null {
    const share = Math.min(this.share.least, most);
    const expected = requests * Math.min(this.share.likely, most);
    if (requests === 0 || share <= 0) return null;
    const fell = ratio(requests, hits, share, share * HALF);
    if (!this.#fallen) {
      const before = this.#sum;
      this.#sum = Math.max(0, before + fell);
      if (this.#sum === 0) {
        this.#zeroUs = untilUs;
        this.#hits = 0;
        this.#expected = 0;
        this.#firstUs = Number.NaN;
        return null;
      }
      if (Number.isNaN(this.#firstUs)) this.#firstUs = untilUs;
      this.#count(hits, expected);
      if (this.#sum > FALLEN) {
        this.#fallen = true;
        this.#backZeroUs = untilUs;
      }
      return null;
    }
    const left = Math.max(0.01, 1 - this.#fraction);
    this.#back = Math.max(0, this.#back + ratio(requests, hits, share * left, share));
    if (this.#back === 0) {
      this.#count(this.#backHits + hits, this.#backExpected + expected);
      this.#backHits = 0;
      this.#backExpected = 0;
      this.#backZeroUs = untilUs;
      return null;
    }
    this.#backHits += hits;
    this.#backExpected += expected;
    return this.#back > RETURNED ? this.#fall([this.#zeroUs, this.#backZeroUs], untilUs) : null;
  }

  /** Whether nothing points to a fall. */
  get idle(): boolean {
    return !this.#fallen && this.#sum === 0;
  }

  /** At the end of the run, or when it is sent nothing any more from `atUs` on. */
  open(atUs: number | null): Fall | null {
    if (!this.#fallen) return null;
    return this.#fall([this.#zeroUs, this.#backZeroUs], atUs);
  }

  get #fraction(): number {
    return this.#expected === 0 ? 0 : Math.max(0, 1 - this.#hits / this.#expected);
  }

  #count(hits: number, expected: number): void {
    this.#hits += hits;
    this.#expected += expected;
  }

  #fall([zeroUs, backUs]: readonly [number, number], untilUs: number | null): Fall {
    return {
      startBoundsUs: [zeroUs, Math.max(zeroUs, this.#firstUs)],
      endBoundsUs: untilUs === null ? null : [Math.min(backUs, untilUs), untilUs],
      fraction: this.#fraction,
    };
  }
}

/** Log-likelihood ratio of share `to` against `from`. */
function ratio(requests: number, hits: number, from: number, to: number): number {
  const p = Math.min(0.999, from);
  const q = Math.min(0.999, to);
  return hits * Math.log(q / p) + (requests - hits) * (Math.log1p(-q) - Math.log1p(-p));
}

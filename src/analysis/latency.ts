/**
 * How long answers took: those of backends per version, and the gateway's own replies. `latencyUs` counts from the due time in open loop and from
 * the send in closed loop, `serviceTimeUs` always from the send (DESIGN, "service time / response time").
 */
import { hdrLibrary } from '../hdr-library.js';
import { LogHistogram, MAX_VALUE_US, PLOTTED, THREE_DIGITS } from '../log-histogram.js';
import type { LatencyResult } from './result.js';
import { shownPercentiles } from './stats/percentile-bounds.js';

/** Both times of a set of answers. */
export interface Latencies {
  latencyUs: LatencyResult;
  serviceTimeUs: LatencyResult;
}

export class LatencyFold {
  readonly #service: LogHistogram[] = [];
  /** In closed loop the two are one. */
  readonly #response: LogHistogram[];
  /** The same for replies of the gateway. */
  readonly #replyService = new LogHistogram(THREE_DIGITS);
  readonly #replyResponse: LogHistogram;

  constructor(mode: 'closed' | 'open') {
    this.#response = mode === 'closed' ? this.#service : [];
    this.#replyResponse = mode === 'closed' ? this.#replyService : new LogHistogram(THREE_DIGITS);
  }

  /** A reply that the gateway made itself. Times in whole microseconds. */
  addReply(serviceUs: number, responseUs: number): void {
    this.#replyService.record(serviceUs);
    if (this.#replyResponse !== this.#replyService) this.#replyResponse.record(responseUs);
  }

  /** A backend's answer. Times in whole microseconds. */
  add(slot: number, serviceUs: number, responseUs: number): void {
    at(this.#service, slot).record(serviceUs);
    if (this.#response !== this.#service) at(this.#response, slot).record(responseUs);
  }

  /** Latencies of backends' answers of a slot. */
  histogram(slot: number): LogHistogram {
    return at(this.#response, slot);
  }

  /** Backends' answers of a slot. */
  result(slot: number): Latencies {
    return this.#latencies(at(this.#service, slot), at(this.#response, slot));
  }

  /** Backends' answers of all slots together. */
  backends(): Latencies {
    return this.#latencies(merged(this.#service), merged(this.#response));
  }

  /** All answers, the gateway's own replies too. */
  overall(): Latencies {
    return this.#latencies(
      merged([...this.#service, this.#replyService]),
      merged([...this.#response, this.#replyResponse]),
    );
  }

  #latencies(service: LogHistogram, response: LogHistogram): Latencies {
    const serviceTimeUs = latencyResult(service);
    return {
      latencyUs: this.#response === this.#service ? serviceTimeUs : latencyResult(response),
      serviceTimeUs,
    };
  }
}

/** A time between two instants, in whole microseconds within what a histogram can hold. */
export function elapsedUs(fromUs: number, toUs: number): number {
  const elapsed = Math.round(toUs - fromUs);
  return elapsed > 0 ? Math.min(elapsed, MAX_VALUE_US) : 0;
}

function at(histograms: LogHistogram[], slot: number): LogHistogram {
  while (histograms.length <= slot) histograms.push(new LogHistogram(THREE_DIGITS));
  return histograms[slot] as LogHistogram;
}

function merged(histograms: readonly LogHistogram[]): LogHistogram {
  const all = new LogHistogram(THREE_DIGITS);
  for (const histogram of histograms) all.merge(histogram);
  return all;
}

function latencyResult(histogram: LogHistogram): LatencyResult {
  const { count, min, max, sum } = histogram;
  let text: string | null = null;
  return {
    count,
    min: count === 0 ? null : min,
    mean: count === 0 ? null : sum / count,
    max: count === 0 ? null : max,
    percentiles: shownPercentiles(histogram),
    buckets: plotted(histogram),
    // Only JSON has it: a run that writes none neither makes the text nor loads the library.
    get histogram() {
      text ??= encode(histogram);
      return text;
    },
  };
}

function plotted(histogram: LogHistogram): LatencyResult['buckets'] {
  const wide = new LogHistogram(PLOTTED);
  wide.merge(histogram);
  const buckets: LatencyResult['buckets'] = [];
  wide.forEach((lowUs, count, nextUs) => {
    buckets.push([lowUs, nextUs, count]);
  });
  return buckets;
}

/** HdrHistogram V2, compressed, base64; always over the same range, so that equal counts give equal text. */
function encode(histogram: LogHistogram): string {
  const { build, encodeIntoCompressedBase64 } = hdrLibrary();
  const library = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_VALUE_US,
    numberOfSignificantValueDigits: 3,
    autoResize: false,
    bitBucketSize: 32,
  });
  histogram.forEach((lowUs, count) => {
    library.recordValueWithCount(lowUs, count);
  });
  return encodeIntoCompressedBase64(library);
}

/**
 * Measures how busy a worker's thread is while it sends. It costs nothing per request: Node.js counts the time in which the event
 * loop waits, and garbage collections and stalls are told a few times a second.
 */
import { readFileSync } from 'node:fs';
import {
  type EventLoopUtilization,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';
import { NEAR_CEILING_SHARE, type ThreadUse } from '../../blocks/generator-use.js';
import type { SpinTime } from './spin-time.js';

/** A run may be at its ceiling for a part of its time only: so long is looked at at once. */
const WINDOW_US = 500_000;
/** How often the event loop is to take a timer, by which stalls are seen, ms. */
const STALL_RESOLUTION_MS = 10;

/** What there was at a time. */
interface Mark {
  readonly loop: EventLoopUtilization;
  readonly spunUs: number;
  readonly sleptUs: number;
}

export class ThreadMeter {
  readonly #spin: SpinTime;
  readonly #gc: PerformanceObserver;
  readonly #stalls = monitorEventLoopDelay({ resolution: STALL_RESOLUTION_MS });
  #started: EventLoopUtilization | null = null;
  #noCoreAtStartUs: number | null = null;
  #window: Mark | null = null;
  #nearCeilingUs = 0;
  #gcUs = 0;
  #gcMaxUs = 0;
  #use: ThreadUse | null = null;

  constructor(spin: SpinTime) {
    this.#spin = spin;
    this.#gc = new PerformanceObserver((list) => this.#addGc(list.getEntries()));
  }

  /** Requests are sent from now on. */
  start(): void {
    this.#noCoreAtStartUs = noCoreUs();
    this.#gc.observe({ entryTypes: ['gc'] });
    this.#stalls.enable();
    this.#started = performance.eventLoopUtilization();
    this.#window = this.#mark(this.#started);
  }

  /** Called a few times a second. */
  tick(): void {
    if (this.#window === null) return;
    const { lastedUs, busyUs } = this.#since(this.#window);
    if (lastedUs < WINDOW_US) return;
    if (busyUs >= NEAR_CEILING_SHARE * lastedUs) this.#nearCeilingUs += lastedUs;
    this.#window = this.#mark(performance.eventLoopUtilization());
  }

  /** There is nothing more to send. */
  stop(): void {
    if (this.#started === null || this.#use !== null) return;
    this.#window = null;
    this.#addGc(this.#gc.takeRecords());
    this.#gc.disconnect();
    this.#stalls.disable();
    const noCoreAtEndUs = noCoreUs();
    this.#use = {
      ...this.#since({ loop: this.#started, spunUs: 0, sleptUs: 0 }),
      nearCeilingUs: this.#nearCeilingUs,
      noCoreUs:
        noCoreAtEndUs === null || this.#noCoreAtStartUs === null
          ? null
          : noCoreAtEndUs - this.#noCoreAtStartUs,
      gcUs: this.#gcUs,
      gcMaxUs: this.#gcMaxUs,
      // Each value is the time from one timer to the next. Nothing was measured if there were none.
      stallMaxUs:
        this.#stalls.count === 0 ? 0 : Math.max(0, this.#stalls.max / 1000 - STALL_RESOLUTION_MS * 1000),
    };
  }

  /** Null before it has stopped, or if nothing was sent. */
  get use(): ThreadUse | null {
    return this.#use;
  }

  #mark(loop: EventLoopUtilization): Mark {
    return { loop, spunUs: this.#spin.us, sleptUs: this.#spin.sleptUs };
  }

  #since({ loop, ...before }: Mark): Pick<ThreadUse, 'lastedUs' | 'busyUs' | 'spunUs'> {
    const { idle, active } = performance.eventLoopUtilization(loop);
    const spunUs = this.#spin.us - before.spunUs;
    const waitedUs = spunUs + this.#spin.sleptUs - before.sleptUs;
    return { lastedUs: (idle + active) * 1000, busyUs: Math.max(0, active * 1000 - waitedUs), spunUs };
  }

  #addGc(entries: readonly PerformanceEntry[]): void {
    for (const { duration } of entries) {
      this.#gcUs += duration * 1000;
      this.#gcMaxUs = Math.max(this.#gcMaxUs, duration * 1000);
    }
  }
}

/** How long this thread has been ready to run without a core, µs. Linux's scheduler tells; null elsewhere. */
function noCoreUs(): number | null {
  try {
    const [, waitedNs] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ').map(Number);
    return waitedNs === undefined || !Number.isFinite(waitedNs) ? null : waitedNs / 1000;
  } catch {
    return null;
  }
}

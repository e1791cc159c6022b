/** How busy the generator was while it sent: whether it, and not the gateway, may have limited the rate. */

/** From this share of work on a thread is near its ceiling: what is left goes to rounds of the event loop and to chance. */
export const NEAR_CEILING_SHARE = 0.9;
/** From this share of work without a core on, other programs matter. */
export const CROWDED_SHARE = 0.1;

/** Of one thread, over the time in which it had requests to send. Times in µs. */
export interface ThreadUse {
  readonly lastedUs: number;
  /** It worked: it neither waited for events nor spun until a request was due. */
  readonly busyUs: number;
  readonly spunUs: number;
  /** In windows of half a second in which it was near its ceiling. */
  readonly nearCeilingUs: number;
  /** It was ready to run, and other threads had the cores; null: the system does not tell. */
  readonly noCoreUs: number | null;
  /** Garbage collections: all together, and the longest. */
  readonly gcUs: number;
  readonly gcMaxUs: number;
  /** The longest time in which its event loop took no event. */
  readonly stallMaxUs: number;
}

/** Of the whole process, by its main thread, which counts the results. */
export interface ProcessUse {
  /** The main thread's. */
  readonly busyShare: number;
  /** CPU time of all threads. */
  readonly cpuMs: number;
  /** Cores that the process may use. */
  readonly cores: number;
}

/** Of all threads together. Shares are fractions of the time of the load; the largest of any thread unless it says otherwise. */
export interface GeneratorUse {
  readonly threads: number;
  readonly durationMs: number;
  /** Working: neither waiting for events nor spinning until a request is due. */
  readonly busyShare: number;
  /** Of the busiest thread. */
  readonly spinShare: number;
  /** Time in windows of half a second in which a thread was busy for at least {@link NEAR_CEILING_SHARE}. */
  readonly nearCeilingMs: number;
  /** Had work, while other threads had the cores; null: not known. */
  readonly noCoreShare: number | null;
  readonly gcShare: number;
  readonly gcMaxMs: number;
  /** Longest time in which an event loop took no event. */
  readonly stallMaxMs: number;
  /** Of the main thread, which counts the results. */
  readonly mainBusyShare: number;
  /** CPU time of the process, all threads together. */
  readonly cpuMs: number;
  /** Cores that the process may use. */
  readonly cores: number;
}

/** @returns null without a thread that has measured */
export function generatorUse(threads: readonly ThreadUse[], all: ProcessUse): GeneratorUse | null {
  const measured = threads.filter(({ lastedUs }) => lastedUs > 0);
  const busiest = measured.toSorted((a, b) => b.busyUs / b.lastedUs - a.busyUs / a.lastedUs)[0];
  if (busiest === undefined) return null;
  const most = (of: (thread: ThreadUse) => number) => Math.max(...measured.map(of));
  const noCore = measured.flatMap((thread) =>
    thread.noCoreUs === null ? [] : share(thread.noCoreUs * workShare(thread), thread),
  );
  return {
    threads: measured.length,
    durationMs: most(({ lastedUs }) => lastedUs) / 1000,
    busyShare: share(busiest.busyUs, busiest),
    spinShare: share(busiest.spunUs, busiest),
    nearCeilingMs: most(({ nearCeilingUs }) => nearCeilingUs) / 1000,
    noCoreShare: noCore.length < measured.length ? null : Math.max(...noCore),
    gcShare: most((thread) => share(thread.gcUs, thread)),
    gcMaxMs: most(({ gcMaxUs }) => gcMaxUs) / 1000,
    stallMaxMs: most(({ stallMaxUs }) => stallMaxUs) / 1000,
    mainBusyShare: all.busyShare,
    cpuMs: all.cpuMs,
    cores: all.cores,
  };
}

/**
 * Part of the time in which a thread was not idle that was work. A thread that spins may lose its core too, which delays nothing: what it
 * was without a core is taken to be spread evenly over both.
 */
function workShare({ busyUs, spunUs }: ThreadUse): number {
  return busyUs + spunUs > 0 ? busyUs / (busyUs + spunUs) : 0;
}

/** Clocks are read one after the other: a thread that did nothing else may seem to have done it a little longer. */
function share(us: number, { lastedUs }: Pick<ThreadUse, 'lastedUs'>): number {
  return Math.min(1, us / lastedUs);
}

/**
 * Several generators as one: CPU times add up, threads and cores are the busiest one's, and of the rest the largest counts. Null where
 * one is not known.
 */
export function mergeGeneratorUse(all: readonly (GeneratorUse | null)[]): GeneratorUse | null {
  const known = all.filter((use) => use !== null);
  const [first] = known;
  if (first === undefined || known.length < all.length) return null;
  return known.slice(1).reduce((one, other) => {
    const busiest = other.busyShare > one.busyShare ? other : one;
    return {
      threads: busiest.threads,
      durationMs: Math.max(one.durationMs, other.durationMs),
      busyShare: busiest.busyShare,
      spinShare: busiest.spinShare,
      nearCeilingMs: Math.max(one.nearCeilingMs, other.nearCeilingMs),
      noCoreShare:
        one.noCoreShare === null || other.noCoreShare === null
          ? null
          : Math.max(one.noCoreShare, other.noCoreShare),
      gcShare: Math.max(one.gcShare, other.gcShare),
      gcMaxMs: Math.max(one.gcMaxMs, other.gcMaxMs),
      stallMaxMs: Math.max(one.stallMaxMs, other.stallMaxMs),
      mainBusyShare: Math.max(one.mainBusyShare, other.mainBusyShare),
      // In whole µs, as they were measured: sums of fractions would depend on the order.
      cpuMs: (wholeUs(one.cpuMs) + wholeUs(other.cpuMs)) / 1000,
      cores: busiest.cores,
    };
  }, first);
}

function wholeUs(ms: number): number {
  return Math.round(ms * 1000);
}

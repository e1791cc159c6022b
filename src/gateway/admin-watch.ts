/** Watches one Envoy admin interface during a run: which endpoints fail the outlier check, and how counters grow. */
import pLimit from 'p-limit';
import { type AdminWatched, MAX_ABSENCES, type Span } from '../blocks/gateway-observations.js';
import { printable } from '../text/printable.js';
import {
  type AdminEndpoint,
  AdminError,
  askAdmin,
  member,
  readEndpoints,
  readStats,
} from './admin-client.js';
import { counterDeltas, STATS_FILTER } from './counters.js';

const MAX_AT_ONCE = 4;

/** A limit on how many interfaces are asked at the same time, for {@link WatchOptions}. */
export function limitAdmins(): WatchOptions['limit'] {
  return pLimit(MAX_AT_ONCE);
}

const LOOK_EVERY_MS = 250;
/** After failures the time between looks doubles, up to this. */
const MAX_BETWEEN_MS = 2000;
const TIMEOUT_MS = 2000;
const MAX_BYTES = 8 << 20;
/** Parsing answers may take at most this part of the main thread's time. */
const MAX_PART_OF_TIME = 1 / 20;
const MAX_HOSTS = 10_000;

export interface WatchOptions {
  /** The process's monotonic clock, µs. */
  readonly nowUs: () => number;
  /** Bounds how many requests run at the same time; shared by all interfaces. */
  readonly limit: <T>(ask: () => Promise<T>) => Promise<T>;
  /** Time between looks; 250 ms by default. */
  readonly everyMs?: number;
  /** Time-out of a request; 2 s by default. */
  readonly timeoutMs?: number;
}

interface Absence {
  readonly cluster: string;
  readonly address: string;
  /** µs; null: already out at the first look. */
  readonly ejectedUs: Span | null;
  unejectedUs: Span | null;
  /** It was removed from the cluster while it was out. */
  gone: boolean;
}

interface Host {
  /** When the previous look was requested, µs; null during the first look. */
  seenUs: number | null;
  /** Number of that look. */
  look: number;
  /** Its current absence; null: it is in rotation. */
  absence: Absence | null;
}

/**
 * Asks an interface again and again, one request at a time. Errors of the interface become remarks and never end the
 * run.
 */
export class AdminWatch {
  /** Interval at which this Envoy writes its logs, ms; null if it did not report one. */
  flushMs: number | null = null;
  readonly #options: WatchOptions;
  readonly #hosts = new Map<string, Host>();
  readonly #absences: Absence[] = [];
  #looks = 0;
  #failed = 0;
  #failedInARow = 0;
  #firstError: string | null = null;
  /** A lasting error: the interface is not asked again. */
  #hopeless = false;
  /** When the previous look was requested, µs; null before the first. */
  #askedUs: number | null = null;
  #hostsBounded = false;
  #absencesBounded = false;
  #before: ReadonlyMap<string, number> | null = null;
  #statsError: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #costMs = 0;
  #ended = false;
  readonly #stop = new AbortController();

  /** @param url base URL, without a slash at its end */
  constructor(
    readonly url: string,
    options: WatchOptions,
  ) {
    this.#options = options;
  }

  /** Takes the first look. Resolves when it is done, at the latest after the time-out; never rejects. */
  async begin(): Promise<void> {
    const [, before] = await Promise.all([this.#look(), this.#stats(), this.#readFlush()]);
    this.#before = before;
    this.#next();
  }

  /** When endpoints were seen to go out or come back, µs on the clock of the options. */
  momentsUs(): number[] {
    return this.#absences.flatMap(({ ejectedUs, unejectedUs }) =>
      [ejectedUs, unejectedUs].flatMap((span) => (span === null ? [] : [span[1]])),
    );
  }

  /** Stops looking without a last look. */
  cancel(): void {
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /**
   * Takes the last look and returns all that was seen. Never rejects.
   *
   * @param originUs when the run clock was 0, µs on the clock of the options
   * @param deadline when it is aborted, answers are not awaited any longer
   */
  async end(originUs: number, deadline?: AbortSignal): Promise<AdminWatched> {
    this.cancel();
    const stop = () => this.#stop.abort();
    if (deadline?.aborted === true) stop();
    else deadline?.addEventListener('abort', stop, { once: true });
    await this.#looking;
    const [, after] = await Promise.all([this.#look(), this.#stats()]);
    const ms = (span: Span | null): Span | null =>
      span === null ? null : [(span[0] - originUs) / 1000, (span[1] - originUs) / 1000];
    const before = this.#before;
    const counted = before === null || after === null ? null : counterDeltas(before, after);
    return {
      url: this.url,
      looks: this.#looks,
      absences: this.#absences.map(({ cluster, address, ejectedUs, unejectedUs, gone }) => ({
        cluster,
        address,
        ejectedMs: ms(ejectedUs),
        unejectedMs: ms(unejectedUs),
        gone,
      })),
      counters: counted?.counters ?? null,
      remarks: [...this.#remarks(), ...(counted?.remarks ?? [])],
    };
  }

  #next(): void {
    if (this.#ended || this.#hopeless) return;
    const { everyMs = LOOK_EVERY_MS } = this.#options;
    const patient = Math.min(MAX_BETWEEN_MS, everyMs * 2 ** Math.min(this.#failedInARow, 10));
    const wait = Math.max(everyMs, patient, this.#costMs / MAX_PART_OF_TIME);
    this.#timer = setTimeout(() => {
      this.#looking = this.#options.limit(() => this.#look()).then(() => this.#next());
    }, wait).unref();
  }

  /** Asks once which endpoints are out. Never rejects. */
  async #look(): Promise<void> {
    if (this.#hopeless) return;
    const askedUs = this.#options.nowUs();
    try {
      const answer = await this.#ask('/clusters?format=json');
      const answeredUs = this.#options.nowUs();
      this.#take(readEndpoints(answer), askedUs, answeredUs);
      this.#costMs = (this.#options.nowUs() - answeredUs) / 1000;
      this.#failedInARow = 0;
    } catch (error) {
      this.#failed += 1;
      this.#failedInARow += 1;
      this.#firstError ??= words(error);
      if (error instanceof AdminError && error.lasting) this.#hopeless = true;
    }
  }

  #take(endpoints: readonly AdminEndpoint[], askedUs: number, answeredUs: number): void {
    this.#looks += 1;
    const look = this.#looks;
    for (const { cluster, address, ejected } of endpoints) {
      const key = `${cluster}\n${address}`;
      let host = this.#hosts.get(key);
      if (host === undefined) {
        if (this.#hosts.size >= MAX_HOSTS) {
          this.#hostsBounded = true;
          continue;
        }
        host = { seenUs: this.#askedUs, look, absence: null };
        this.#hosts.set(key, host);
      }
      const span: Span | null = host.seenUs === null ? null : [host.seenUs, answeredUs];
      if (ejected && host.absence === null) {
        host.absence = this.#absent(cluster, address, span);
      } else if (!ejected && host.absence !== null) {
        host.absence.unejectedUs = span;
        host.absence = null;
      }
      host.seenUs = askedUs;
      host.look = look;
    }
    for (const [key, host] of this.#hosts) {
      if (host.look === look) continue;
      if (host.absence !== null) {
        host.absence.unejectedUs = [host.seenUs ?? askedUs, answeredUs];
        host.absence.gone = true;
      }
      this.#hosts.delete(key);
    }
    this.#askedUs = askedUs;
  }

  #absent(cluster: string, address: string, ejectedUs: Span | null): Absence {
    const absence: Absence = {
      cluster: printable(cluster, MAX_NAME),
      address: printable(address, MAX_NAME),
      ejectedUs,
      unejectedUs: null,
      gone: false,
    };
    if (this.#absences.length < MAX_ABSENCES) this.#absences.push(absence);
    else this.#absencesBounded = true;
    return absence;
  }

  async #stats(): Promise<ReadonlyMap<string, number> | null> {
    if (this.#hopeless) return null;
    try {
      return readStats(await this.#ask(`/stats?format=json&filter=${encodeURIComponent(STATS_FILTER)}`));
    } catch (error) {
      this.#statsError ??= words(error);
      return null;
    }
  }

  async #readFlush(): Promise<void> {
    try {
      const options = member(await this.#ask('/server_info'), 'command_line_options');
      const seconds = /^(\d+(?:\.\d+)?)s$/.exec(String(member(options, 'file_flush_interval')))?.[1];
      if (seconds !== undefined) this.flushMs = Number(seconds) * 1000;
    } catch {
      // Then Envoy's default is assumed.
    }
  }

  #ask(path: string): Promise<unknown> {
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    return askAdmin(this.url, path, { timeoutMs, maxBytes: MAX_BYTES, stop: this.#stop.signal });
  }

  #remarks(): string[] {
    const remarks: string[] = [];
    const name = printable(this.url);
    if (this.#looks === 0) {
      remarks.push(
        `The admin interface ${name} reported nothing: it ${this.#firstError ?? this.#statsError}.`,
      );
    } else if (this.#hopeless) {
      remarks.push(
        `The admin interface ${name} was not watched to the end: at one look it ${this.#firstError}.`,
      );
    } else if (this.#failed > 0) {
      const all = this.#failed + this.#looks;
      remarks.push(
        `${this.#failed} of ${all} looks at the admin interface ${name} failed: it ${this.#firstError}. Times of changes ` +
          'come from the looks that were answered.',
      );
    }
    if (this.#looks > 0 && this.#statsError !== null) {
      remarks.push(`The counters of ${name} are not known: it ${this.#statsError}.`);
    }
    if (this.#hostsBounded) remarks.push(`Only ${MAX_HOSTS} endpoints of ${name} were watched.`);
    if (this.#absencesBounded) remarks.push(`Only the first ${MAX_ABSENCES} ejections of ${name} are kept.`);
    return remarks;
  }
}

/** A cluster's name, or an address, is cut after so many characters. */
const MAX_NAME = 512;

function words(error: unknown): string {
  return error instanceof Error ? error.message : 'did not answer';
}

/** Watches one Envoy admin interface while a run goes on: which endpoints fail the outlier check, and counters. */
import pLimit from 'p-limit';
import type { AdminWatched, Span } from '../blocks/gateway-observations.js';
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

/** At most some interfaces are asked at the same time. */
export function limitAdmins(): WatchOptions['limit'] {
  return pLimit(MAX_AT_ONCE);
}

const LOOK_EVERY_MS = 250;
/** After failures looks are further apart, up to this. */
const MAX_BETWEEN_MS = 2000;
const TIMEOUT_MS = 2000;
const MAX_BYTES = 8 << 20;
/** Reading an answer takes the main thread's time: at most this part of it. */
const MOST_OF_THE_TIME = 1 / 20;
const MAX_HOSTS = 10_000;
const MAX_ABSENCES = 1024;

export interface WatchOptions {
  /** µs on a clock that does not step; the process's monotonic clock. */
  readonly nowUs: () => number;
  /** Shared by all interfaces. */
  readonly limit: <T>(ask: () => Promise<T>) => Promise<T>;
  /** Time between looks; 250 ms by default. */
  readonly everyMs?: number;
  /** Time-out of a request; 2 s by default. */
  readonly timeoutMs?: number;
}

interface Absence {
  readonly cluster: string;
  readonly address: string;
  /** µs; null: out at the first look. */
  readonly ejectedUs: Span | null;
  unejectedUs: Span | null;
  gone: boolean;
}

interface Host {
  /** When the last look that saw it was asked for, µs; null: it was there at the first look. */
  seenUs: number | null;
  /** Number of that look. */
  look: number;
  /** Its absence that goes on. */
  absence: Absence | null;
}

/**
 * Looks at an interface again and again, one request at a time. Whatever it answers, or does not, is at most a
 * remark: the run is not touched.
 */
export class AdminWatch {
  /** How often this Envoy writes its logs, ms; null when it did not say. */
  flushMs: number | null = null;
  readonly #options: WatchOptions;
  readonly #hosts = new Map<string, Host>();
  readonly #absences: Absence[] = [];
  #looks = 0;
  #failed = 0;
  #failedInARow = 0;
  #firstError: string | null = null;
  /** Asking again is of no use. */
  #hopeless = false;
  /** When the look before was asked for, µs; null before the first. */
  #askedUs: number | null = null;
  #hostsBounded = false;
  #absencesBounded = false;
  #before: ReadonlyMap<string, number> | null = null;
  #statsError: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #costMs = 0;
  #ended = false;

  /** @param url without a slash at its end */
  constructor(
    readonly url: string,
    options: WatchOptions,
  ) {
    this.#options = options;
  }

  /** Takes the first look; resolves after it, at the latest after the time-out. */
  async begin(): Promise<void> {
    const [, before] = await Promise.all([this.#look(), this.#stats(), this.#readFlush()]);
    this.#before = before;
    this.#next();
  }

  /** The last absences' moments, µs on the clock of the options: when something was seen to change. */
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
   * Takes the last look.
   *
   * @param originUs when the run clock was 0, on the clock of the options
   */
  async end(originUs: number): Promise<AdminWatched> {
    this.cancel();
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
    const wait = Math.max(everyMs, patient, this.#costMs / MOST_OF_THE_TIME);
    this.#timer = setTimeout(() => {
      this.#looking = this.#options.limit(() => this.#look()).then(() => this.#next());
    }, wait).unref();
  }

  /** Never rejects. */
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
      // Then the default is assumed.
    }
  }

  #ask(path: string): Promise<unknown> {
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    return askAdmin(this.url, path, { timeoutMs, mostBytes: MAX_BYTES });
  }

  #remarks(): string[] {
    const said: string[] = [];
    const name = printable(this.url);
    if (this.#looks === 0) {
      said.push(`The admin interface ${name} told nothing: it ${this.#firstError ?? this.#statsError}.`);
    } else if (this.#hopeless) {
      said.push(`The admin interface ${name} was not asked to the end: once it ${this.#firstError}.`);
    } else if (this.#failed > 0) {
      const all = this.#failed + this.#looks;
      said.push(
        `Of ${all} looks at the admin interface ${name}, ${this.#failed} were in vain: it ${this.#firstError}. Times of ` +
          'changes are known from those that were answered.',
      );
    }
    if (this.#looks > 0 && this.#statsError !== null) {
      said.push(`The counters of ${name} are not known: it ${this.#statsError}.`);
    }
    if (this.#hostsBounded) said.push(`Only ${MAX_HOSTS} endpoints of ${name} were watched.`);
    if (this.#absencesBounded)
      said.push(`Only the first ${MAX_ABSENCES} ejections that ${name} showed are kept.`);
    return said;
  }
}

/** Characters of a cluster's name, or an address, that are kept. */
const MAX_NAME = 512;

function words(error: unknown): string {
  return error instanceof Error ? error.message : 'did not answer';
}

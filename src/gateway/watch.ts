/** Watches what the gateway reports of ejections during a run: starts before the load, ends after it. */

import { monotonicUs } from '../blocks/clock.js';
import { type GatewayObservations, type GatewaySources, MAX_ADMINS } from '../blocks/gateway-observations.js';
import { OptionError } from '../errors.js';
import { adminUrl } from './admin-url.js';
import { AdminWatch, limitAdmins } from './admin-watch.js';
import { LogWatch } from './log-watch.js';

/** What ending a watch needs to know about the run. */
export interface WatchEnd {
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** When the run clock was 0, µs on the process's monotonic clock. */
  readonly originUs: number;
  /** When the client saw an endpoint go out or come back, ms on the run clock. */
  readonly momentsMs: readonly number[];
  /** Aborting it ends the wait for Envoy's log. */
  readonly signal?: AbortSignal | undefined;
  /** When it is aborted, nothing is asked any more. */
  readonly deadline?: AbortSignal | undefined;
  /** Called if a wait of more than a second for Envoy's log begins. */
  readonly onWait?: (() => void) | undefined;
}

/** Watches all sources that the options name. */
export class GatewayWatch {
  readonly #admins: readonly AdminWatch[];
  readonly #log: LogWatch | null;

  /** @throws UserError for invalid URLs, too many of them, and a log that cannot be read */
  constructor({ admins, eventLog }: GatewaySources) {
    if (admins.length > MAX_ADMINS) {
      throw new OptionError(
        (name) =>
          `${name('gateway.admins')}: at most ${MAX_ADMINS} interfaces are watched, not ${admins.length}.`,
      );
    }
    const limit = limitAdmins();
    const urls = new Set(admins.map(adminUrl));
    this.#admins = [...urls].map((url) => new AdminWatch(url, { nowUs: monotonicUs, limit }));
    this.#log = eventLog === null ? null : new LogWatch(eventLog);
  }

  /** Takes the first looks. Resolves when they are done or timed out; never rejects. */
  async begin(): Promise<void> {
    await Promise.all(this.#admins.map((admin) => admin.begin()));
  }

  /** Stops without a result, for a run that did not begin. */
  cancel(): void {
    for (const admin of this.#admins) admin.cancel();
  }

  /** Call it at the end of the run. Waits for Envoy's log if necessary, at most 12 s. */
  async end({
    startedAtUs,
    originUs,
    momentsMs,
    signal,
    deadline,
    onWait,
  }: WatchEnd): Promise<GatewayObservations> {
    const endUs = monotonicUs();
    const admins = await Promise.all(this.#admins.map((admin) => admin.end(originUs, deadline)));
    const seen = this.#admins.flatMap((admin) => admin.momentsUs()).map((us) => (us - originUs) / 1000);
    const log = await this.#log?.end({
      startedAtUs,
      endMs: (endUs - originUs) / 1000,
      sinceEndMs: () => (monotonicUs() - endUs) / 1000,
      flushMs: this.#flushMs(),
      momentsMs: [...momentsMs, ...seen],
      signal,
      onWait,
    });
    return { log: log ?? null, admins };
  }

  /** The longest interval at which an Envoy writes, ms: it is not known whose log it is. Null unless all report one. */
  #flushMs(): number | null {
    const all = this.#admins.map(({ flushMs }) => flushMs);
    return all.length === 0 || all.includes(null) ? null : Math.max(...(all as number[]));
  }
}

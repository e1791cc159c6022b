/**
 * Reads Envoy's outlier event log: JSON lines in order of time. The file may have any size and content, so only
 * events near the time of the run are kept, and at most a fixed number of them.
 */
import { type LogEvent, MAX_BEFORE, MAX_EVENTS, MAX_OFFSET_MS } from '../blocks/gateway-observations.js';
import { UserError } from '../errors.js';
import { ByteSource } from '../io/byte-source.js';
import { type Line, readLines } from '../io/lines.js';
import { parseJson } from '../text/json.js';
import { counted } from '../text/numbers.js';
import { printable } from '../text/printable.js';
import { member } from './admin-client.js';

/** The time of a run, for which a log is read. */
export interface LogRange {
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** End of the run, ms on the run clock. */
  readonly endMs: number;
}

/** What a log has about a run. */
export interface LogReading {
  readonly events: readonly LogEvent[];
  /** After this time events were left out, ms since 1970 by the gateway's clock; null: none were. */
  readonly boundedAtMs: number | null;
  /** The file was read to its end, and its last line is complete. */
  readonly whole: boolean;
  readonly remarks: readonly string[];
}

/**
 * Events so long before the run are read too, since an endpoint may be out when the run begins. Envoy's max_ejection_time
 * is 5 min by default.
 */
const BEFORE_MS = 15 * 60_000;
const MAX_NAME = 512;
const TIMESTAMP = Buffer.from('"timestamp"');
const AT = /^:\s*"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/;

/**
 * Reads the events of a log near the time of a run. Errors in the file become remarks.
 *
 * @param file path of the log
 */
export async function readEventLog(file: string, range: LogRange): Promise<LogReading> {
  const reader = new Reader(range);
  let failure: string | null = null;
  try {
    const source = await ByteSource.open(file);
    try {
      for await (const lines of readLines(source)) for (const line of lines) reader.take(line);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    failure = `${error.message.replace(/\.$/, '')}: what follows that place is not known.`;
  }
  return reader.result(printable(file), failure);
}

class Reader {
  readonly #startMs: number;
  /** Times in range begin with a text between these two. */
  readonly #from: string;
  readonly #to: string;
  readonly #before: LogEvent[] = [];
  readonly #events: LogEvent[] = [];
  #boundedAtMs: number | null = null;
  #lines = 0;
  #garbage = 0;
  #firstGarbage = 0;
  #cut = false;
  #unenforced = 0;
  #outside = 0;
  #first: string | null = null;
  #last: string | null = null;

  constructor({ startedAtUs, endMs }: LogRange) {
    this.#startMs = startedAtUs / 1000;
    this.#from = rfc3339Second(this.#startMs - BEFORE_MS - MAX_OFFSET_MS);
    this.#to = rfc3339Second(this.#startMs + endMs + MAX_OFFSET_MS);
  }

  take({ bytes, number, ended }: Line): void {
    if (bytes.length === 0) return;
    this.#lines += 1;
    // Most lines of a long file are of another time. They are recognized by their timestamp and not parsed.
    const time = timeOf(bytes);
    if (time !== null) {
      this.#first ??= time;
      this.#last = time;
      if (time < this.#from || time > this.#to) {
        this.#outside += 1;
        return;
      }
    }
    const event = readEvent(bytes);
    if (event === 'unenforced') this.#unenforced += 1;
    else if (event !== null) this.#keep(event);
    else if (!ended) this.#cut = true;
    else {
      this.#garbage += 1;
      if (this.#garbage === 1) this.#firstGarbage = number;
    }
  }

  #keep(event: LogEvent): void {
    if (event.atMs < this.#startMs) {
      this.#before.push(event);
      if (this.#before.length > MAX_BEFORE) this.#before.shift();
    } else if (this.#events.length < MAX_EVENTS) this.#events.push(event);
    else this.#boundedAtMs ??= this.#events.at(-1)?.atMs ?? null;
  }

  result(file: string, failure: string | null): LogReading {
    const remarks: string[] = [];
    const say = (text: string) => remarks.push(`Event log ${file}: ${text}`);
    if (failure !== null) say(failure);
    else if (this.#lines === 0) {
      say(
        'it is empty. Either nothing was ejected since the gateway opened it, or the gateway writes to another file.',
      );
    } else if (this.#first !== null && this.#outside === this.#lines) {
      const when =
        this.#first === this.#last ? `of ${this.#first}Z` : `from ${this.#first}Z to ${this.#last}Z`;
      say(
        `its ${counted(this.#lines, 'line')} ${this.#lines === 1 ? 'is' : 'are'} ${when}, not of the time of this run: ` +
          'nothing was ejected during the run, or the log is of another run or gateway.',
      );
    }
    if (this.#garbage > 0) {
      say(
        `${counted(this.#garbage, 'line')}, the first of them line ${this.#firstGarbage}, ${this.#garbage === 1 ? 'is' : 'are'} ` +
          "not in the format of Envoy's outlier event log, and left out.",
      );
    }
    if (this.#cut)
      say('its last line is incomplete, for example because it is still being written, and left out.');
    if (this.#unenforced > 0) {
      say(
        `${counted(this.#unenforced, 'line')} with "enforced": false ${this.#unenforced === 1 ? 'is' : 'are'} no ejection: ` +
          'the gateway detected the errors and did not eject.',
      );
    }
    if (this.#boundedAtMs !== null)
      say(`only its first ${counted(MAX_EVENTS, 'event')} of the run are kept.`);
    return {
      events: [...this.#before, ...this.#events],
      boundedAtMs: this.#boundedAtMs,
      whole: failure === null && !this.#cut,
      remarks,
    };
  }
}

/** A time in whole seconds, `2026-01-31T09:00:00`. Such texts sort in order of time. */
function rfc3339Second(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

function timeOf(bytes: Buffer): string | null {
  const at = bytes.indexOf(TIMESTAMP);
  if (at === -1) return null;
  const from = at + TIMESTAMP.length;
  return AT.exec(bytes.toString('latin1', from, from + 30))?.[1] ?? null;
}

/** Parses a line; null if it is no event. Protobuf's JSON may omit fields that have their default value. */
function readEvent(bytes: Buffer): LogEvent | 'unenforced' | null {
  let line: unknown;
  try {
    line = parseJson(bytes.toString('utf8'));
  } catch {
    return null;
  }
  const [cluster, url, action] = [
    member(line, 'cluster_name'),
    member(line, 'upstream_url'),
    member(line, 'action'),
  ];
  const atMs = Date.parse(String(member(line, 'timestamp')));
  if (typeof cluster !== 'string' || typeof url !== 'string' || Number.isNaN(atMs)) return null;
  if (action !== undefined && action !== 'EJECT' && action !== 'UNEJECT') return null;
  const eject = action !== 'UNEJECT';
  // UNEJECT lines always have "enforced": false.
  if (eject && member(line, 'enforced') !== true) return 'unenforced';
  const since = member(line, 'secs_since_last_action');
  const sinceS = since === undefined || since === null ? Number.NaN : Number(since);
  const type = member(line, 'type');
  return {
    atMs,
    cluster: printable(cluster, MAX_NAME),
    address: printable(url.replace(/^tcp:\/\//, ''), MAX_NAME),
    action: eject ? 'eject' : 'uneject',
    type: typeof type === 'string' ? printable(type) : 'CONSECUTIVE_5XX',
    sinceS: Number.isSafeInteger(sinceS) && sinceS >= 0 ? sinceS : null,
  };
}

/**
 * Reads Envoy's outlier event log: JSON lines, in the order of time. A file may have any size, and anything in it:
 * only events about the time of a run are kept, and no more than a bounded number.
 */
import { type LogEvent, MAX_OFFSET_MS } from '../blocks/gateway-observations.js';
import { UserError } from '../errors.js';
import { ByteSource } from '../io/byte-source.js';
import { type Line, readLines } from '../io/lines.js';
import { counted } from '../text/numbers.js';
import { printable } from '../text/printable.js';
import { member } from './admin-client.js';

/** Which part of a log is about a run. */
export interface LogRange {
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** End of the run, ms on the run clock. */
  readonly endMs: number;
}

export interface LogReading {
  readonly events: readonly LogEvent[];
  /** Gateway's clock, ms since 1970, after which events were left out; null: none were. */
  readonly boundedAtMs: number | null;
  /** It could be read to its end, and that is the end of a line. */
  readonly whole: boolean;
  readonly remarks: readonly string[];
}

/** An endpoint may be out for longer than a run lasts: so much before it is read. Envoy's max_ejection_time is 5 min. */
const BEFORE_MS = 15 * 60_000;
/** Events of before the run that are kept: the newest. */
const MAX_BEFORE = 1024;
/** Events from the start of the run on that are kept: the oldest. */
const MAX_EVENTS = 4096;
const MAX_NAME = 512;
const TIMESTAMP = Buffer.from('"timestamp"');
const AT = /^:\s*"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/;

/**
 * The events of a log about the time of a run. Never rejects: what is wrong with the file is a remark.
 *
 * @param file its name
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
    failure = `${error.message.replace(/\.$/, '')}: what is behind that place is not known.`;
  }
  return reader.result(printable(file), failure);
}

class Reader {
  readonly #startMs: number;
  /** The first 19 characters of times in range lie between these. */
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
    // Most lines of a long file are of another time: their first characters show it, and they are not parsed.
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
        `its ${counted(this.#lines, 'line')} ${this.#lines === 1 ? 'is' : 'are'} ${when}, none of the time of this run: ` +
          'nothing was ejected then, or it is the log of another run or gateway.',
      );
    }
    if (this.#garbage > 0) {
      say(
        `${counted(this.#garbage, 'line')}, the first of them line ${this.#firstGarbage}, ${this.#garbage === 1 ? 'is' : 'are'} ` +
          "not what Envoy's outlier detection writes, and left out.",
      );
    }
    if (this.#cut) say('its last line is cut, as while it is being written, and left out.');
    if (this.#unenforced > 0) {
      say(
        `${counted(this.#unenforced, 'line')} with "enforced": false ${this.#unenforced === 1 ? 'is' : 'are'} no ejection: ` +
          'the gateway noticed and did nothing.',
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

/** The whole second of RFC 3339, `2026-01-31T09:00:00`: such texts sort as times do. */
function rfc3339Second(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

function timeOf(bytes: Buffer): string | null {
  const at = bytes.indexOf(TIMESTAMP);
  if (at === -1) return null;
  const from = at + TIMESTAMP.length;
  return AT.exec(bytes.toString('latin1', from, from + 30))?.[1] ?? null;
}

/** An event; null for what is none. Fields of protobuf's JSON that have their default may be absent. */
function readEvent(bytes: Buffer): LogEvent | 'unenforced' | null {
  let line: unknown;
  try {
    line = JSON.parse(bytes.toString('utf8'));
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
  // Lines of UNEJECT say "enforced": false too.
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

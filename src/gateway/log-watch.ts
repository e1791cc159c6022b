/** `--envoy-event-log`: checks the file before the load, and reads it afterwards. */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { DEFAULT_FLUSH_MS, type EventLog } from '../blocks/gateway-observations.js';
import { OptionError, systemReason } from '../errors.js';
import { printable } from '../text/printable.js';
import { type LogRange, type LogReading, readEventLog } from './event-log.js';
import { waitForFlush } from './flush-wait.js';
import { loggedEjections } from './log-ejections.js';

/** If the gateway writes at least this often, the wait is short and always made. */
const SOON_MS = 1000;

/**
 * Checks that an event log can be read.
 *
 * @param option the option that names the file
 * @throws OptionError if it is not a regular file, or cannot be read
 */
export function checkEventLog(file: string, option: string): Stats {
  let stat: Stats;
  try {
    stat = statSync(file);
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new OptionError(
      (name) =>
        `${name(option)}: ${printable(file)} cannot be read (${systemReason(error)}). Give the file that Envoy's ` +
        'cluster_manager.outlier_detection.event_log_path names.',
    );
  }
  if (!stat.isFile()) {
    throw new OptionError(
      (name) =>
        `${name(option)}: ${printable(file)} is not a file. Pipes and folders cannot be read more than once.`,
    );
  }
  return stat;
}

/** What reading a log after a run needs to know. */
export interface LogEnd extends LogRange {
  /** Time since the end of the run, ms. */
  readonly sinceEndMs: () => number;
  /** Interval at which the gateway writes its log, ms; null: not known, so Envoy's default. */
  readonly flushMs: number | null;
  /** When the client or an admin interface saw an endpoint go out or come back, ms on the run clock. */
  readonly momentsMs: readonly number[];
  /** Aborting it ends the wait. */
  readonly signal: AbortSignal | undefined;
  /** Called if a wait of more than a second begins. */
  readonly onWait: (() => void) | undefined;
}

/** An event log during a run. */
export class LogWatch {
  readonly #before: Stats;

  /** @throws OptionError as {@link checkEventLog} */
  constructor(readonly file: string) {
    this.#before = checkEventLog(file, 'gateway.eventLog');
  }

  /** Reads what the log has about the run. Waits first for lines that Envoy may still buffer. Never rejects. */
  async end(end: LogEnd): Promise<EventLog> {
    const { startedAtUs, endMs, signal, sinceEndMs } = end;
    const flushMs = end.flushMs ?? DEFAULT_FLUSH_MS;
    const first = await readEventLog(this.file, end);
    let reading = first;
    let missingMs = Math.max(0, flushMs - sinceEndMs());
    const soon = flushMs <= SOON_MS;
    const awaited = soon || isAwaited(first, end, endMs - flushMs);
    const isEnded = () => signal?.aborted === true;
    const isWaiting = missingMs > 0 && !isEnded() && awaited;
    if (isWaiting) {
      if (!soon) end.onWait?.();
      missingMs = await waitForFlush({ file: this.file, flushMs, sinceEndMs, signal });
      reading = await readEventLog(this.file, end);
    }
    const more: string[] = [];
    if (isWaiting && missingMs > 0 && isEnded()) more.push('the wait for its last lines was interrupted.');
    if (this.#wasReplaced()) {
      more.push(
        'it was replaced or shortened during the run, for example by rotation; its earlier lines are not read.',
      );
    }
    const remarks = more.map((text) => `Event log ${printable(this.file)}: ${text}`);
    return eventLog(this.file, reading, startedAtUs, endMs - missingMs, remarks);
  }

  #wasReplaced(): boolean {
    try {
      const now = statSync(this.file);
      const { dev, ino, size } = this.#before;
      return now.dev !== dev || now.ino !== ino || now.size < size;
    } catch {
      return true;
    }
  }
}

/**
 * Whether Envoy may still buffer a line about the run: an endpoint was seen to go out or come back in the last seconds, or
 * an ejection has no end yet. Otherwise there is no wait, so that runs without ejections take no longer.
 */
function isAwaited(reading: LogReading, { startedAtUs, momentsMs }: LogEnd, fromMs: number): boolean {
  const { ejections } = loggedEjections(reading.events);
  const startMs = startedAtUs / 1000;
  return (
    momentsMs.some((ms) => ms > fromMs) ||
    ejections.some(({ ejectedMs, unejectedMs }) => {
      const last = (unejectedMs ?? ejectedMs)?.[1] ?? Number.NEGATIVE_INFINITY;
      // An ejection from before the run without an end belongs to a cluster that was rebuilt since.
      return unejectedMs === null ? last > startMs : last - startMs > fromMs;
    })
  );
}

/**
 * Reads the log of an earlier run.
 *
 * @throws UserError as {@link checkEventLog}
 */
export async function readLogAfterwards(file: string, range: LogRange): Promise<EventLog> {
  const { mtimeMs } = checkEventLog(file, 'eventLog');
  const reading = await readEventLog(file, range);
  // A copy lacks the lines that Envoy still buffered when it was made: those of the last ten seconds.
  const known = mtimeMs - DEFAULT_FLUSH_MS - range.startedAtUs / 1000;
  return eventLog(file, reading, range.startedAtUs, Math.min(range.endMs, known), []);
}

function eventLog(
  file: string,
  { events, boundedAtMs, whole, remarks }: LogReading,
  startedAtUs: number,
  completeUntilMs: number,
  more: readonly string[],
): EventLog {
  const bounded = boundedAtMs === null ? Number.POSITIVE_INFINITY : boundedAtMs - startedAtUs / 1000;
  return {
    file: printable(file),
    events,
    // A missing part may be of any time: then only the last line that was read shows how far the log goes.
    completeUntilMs: Math.min(completeUntilMs, bounded, whole ? Number.POSITIVE_INFINITY : 0),
    remarks: [...remarks, ...more],
  };
}

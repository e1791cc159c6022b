/** `--envoy-event-log`: tried before the load, read after it. */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { DEFAULT_FLUSH_MS, type EventLog } from '../blocks/gateway-observations.js';
import { UserError } from '../errors.js';
import { printable } from '../text/printable.js';
import { type LogRange, type LogReading, readEventLog } from './event-log.js';
import { waitForFlush } from './flush-wait.js';
import { loggedEjections } from './log-ejections.js';

/** A gateway that writes so often is waited for in any case. */
const SOON_MS = 1000;
const EVENT_LOG_FLAG = '--envoy-event-log';

/** @throws UserError when the file is none, or cannot be read */
export function checkEventLog(file: string): Stats {
  let stat: Stats;
  try {
    stat = statSync(file);
    accessSync(file, constants.R_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UserError(
      `${EVENT_LOG_FLAG}: ${printable(file)} cannot be read (${code}). Give the file that Envoy's ` +
        'cluster_manager.outlier_detection.event_log_path names.',
    );
  }
  if (!stat.isFile()) {
    throw new UserError(
      `${EVENT_LOG_FLAG}: ${printable(file)} is not a file. Pipes and folders cannot be read again and again.`,
    );
  }
  return stat;
}

export interface LogEnd extends LogRange {
  /** ms since the end of the run. */
  readonly sinceEndMs: () => number;
  /** How often the gateway writes its log, ms. */
  readonly flushMs: number | null;
  /** When others saw something change that the log should tell, ms on the run clock. */
  readonly momentsMs: readonly number[];
  readonly signal: AbortSignal | undefined;
  /** Called when it has to be waited for. */
  readonly onWait: (() => void) | undefined;
}

/** A log from before a run to after it. */
export class LogWatch {
  readonly #before: Stats;

  /** @throws UserError as {@link checkEventLog} */
  constructor(readonly file: string) {
    this.#before = checkEventLog(file);
  }

  /** Reads what the log has about the run; waits for what Envoy still holds back, if there can be any. */
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
    if (isWaiting && missingMs > 0 && isEnded()) more.push('the wait for its last lines was ended.');
    if (this.#wasReplaced()) {
      more.push(
        'it was replaced or cut during the run, as when it is rotated; what was in it before is not read.',
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
 * Whether something was seen in the last seconds of the run whose line, or whose end's line, can still be in the
 * gateway's memory. Without it nothing is waited for: a run without ejections shall not take longer.
 */
function isAwaited(reading: LogReading, { startedAtUs, momentsMs }: LogEnd, fromMs: number): boolean {
  const { ejections } = loggedEjections(reading.events);
  const startMs = startedAtUs / 1000;
  return (
    momentsMs.some((ms) => ms > fromMs) ||
    ejections.some(({ ejectedMs, unejectedMs }) => {
      const last = (unejectedMs ?? ejectedMs)?.[1] ?? Number.NEGATIVE_INFINITY;
      // Out of before the run and never put back is a cluster that was built anew.
      return unejectedMs === null ? last > startMs : last - startMs > fromMs;
    })
  );
}

/** The log of a run that is over. */
export async function readLogAfterwards(file: string, range: LogRange): Promise<EventLog> {
  const { mtimeMs } = checkEventLog(file);
  const reading = await readEventLog(file, range);
  // A copy has what the log had when it was made, and that may be ten seconds before.
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
    // What is cut off may be of any time: only the lines that are there tell how far it goes.
    completeUntilMs: Math.min(completeUntilMs, bounded, whole ? Number.POSITIVE_INFINITY : 0),
    remarks: [...remarks, ...more],
  };
}

/**
 * Waits for Envoy to write its event log. Envoy buffers lines for up to ten seconds, so the last events of a run are in
 * the file only after a write that follows the end of the run, or when that time has passed.
 */
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** The wait never lasts longer. */
const MAX_WAIT_MS = 12_000;
const POLL_MS = 100;
/** A write is over when the file has not grown for so long. */
const QUIET_MS = 300;
/** Added to the interval at which Envoy writes. */
const GRACE_MS = 500;

export interface FlushWait {
  readonly file: string;
  /** Interval at which the gateway writes, ms. */
  readonly flushMs: number;
  /** Time since the end of the run, ms. */
  readonly sinceEndMs: () => number;
  /** Aborting it ends the wait. */
  readonly signal: AbortSignal | undefined;
  /** Time between two looks at the file; 100 ms by default. */
  readonly pollMs?: number;
}

/**
 * Waits until the events up to the end of the run are in the file.
 *
 * @returns for how long before the end of the run the file may lack events, ms; 0: it has all
 */
export async function waitForFlush({
  file,
  flushMs,
  sinceEndMs,
  signal,
  pollMs = POLL_MS,
}: FlushWait): Promise<number> {
  const atEnd = await sizeOf(file);
  let size = atEnd;
  let grownAt = 0;
  const enough = Math.min(flushMs + GRACE_MS, MAX_WAIT_MS);
  for (;;) {
    const waited = sinceEndMs();
    const missing = Math.max(0, flushMs - waited);
    // Envoy writes all that it buffered: once the file has grown and stopped growing, it has all earlier events.
    if (size !== atEnd && waited - grownAt >= QUIET_MS) return 0;
    if (waited >= enough && (size === atEnd || waited >= MAX_WAIT_MS)) return missing;
    if (signal?.aborted === true) return missing;
    await delay(pollMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    const now = await sizeOf(file);
    if (now !== size) {
      size = now;
      grownAt = sinceEndMs();
    }
  }
}

/** Size of the file in bytes; −1 if it does not exist. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => -1,
  );
}

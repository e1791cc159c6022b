/**
 * Envoy keeps the lines of its event log for up to ten seconds before it writes them. What happened last in a run
 * is in the file only when it has been written to after the end of the run, or that time is over.
 */
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Whatever happens, no longer than this. */
const MAX_WAIT_MS = 12_000;
const POLL_MS = 100;
/** A file that has not grown for so long is written for now. */
const QUIET_MS = 300;
/** Beyond the interval at which Envoy writes. */
const GRACE_MS = 500;

export interface FlushWait {
  readonly file: string;
  /** How often the gateway writes, ms. */
  readonly flushMs: number;
  /** ms since the end of the run. */
  readonly sinceEndMs: () => number;
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined;
  /** Time between two looks at the file; 100 ms by default. */
  readonly pollMs?: number;
}

/**
 * Waits until what happened up to the end of the run is in the file.
 *
 * @returns how long before the end of the run something may have happened that is not in the file, ms; 0: nothing
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
    // A flush takes all there is: when the file grew and stands still again, it has what was before.
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

/** Bytes of the file; −1 when it is not there. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => -1,
  );
}

/** Asserts that a search in a hostile text takes linear time, on machines of any speed. */
import assert from 'node:assert/strict';

/** As long as a body that is kept by default. */
const KEPT_BODY = 65_536;
/** For searches that are quick: a quadratic one is slow then. */
export const LONG = 2 ** 18;
/** CPU of a search that is not slow, whatever it was at half the length. Backtracking takes seconds to ages. */
const FAST_MS = 500;
/** Twice the text takes twice the time; quadratic time would be four times. */
const MOST_GROWTH = 3;
/** Other processes make single measurements longer, never shorter: the shortest ones are compared. */
const ROUNDS = 15;

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** CPU of this process while some work is done, which does not depend on what else the machine does, ms. */
export async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return cpuMsSince(before);
}

function searchMs(search: () => void): number {
  const before = process.cpuUsage();
  search();
  return cpuMsSince(before);
}

/**
 * Asserts that a search is fast, or takes twice the time for twice the text.
 *
 * @param text a hostile text of this length
 */
export function assertLinear(
  search: (text: string) => void,
  text: (length: number) => string,
  length = KEPT_BODY,
): void {
  const [half, whole] = [text(length / 2), text(length)];
  let [halfMs, wholeMs] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    wholeMs = Math.min(
      wholeMs,
      searchMs(() => search(whole)),
    );
    if (wholeMs < FAST_MS) return;
    halfMs = Math.min(
      halfMs,
      searchMs(() => search(half)),
    );
    if (wholeMs < MOST_GROWTH * halfMs && round > 0) return;
  }
  assert.fail(`${halfMs} ms for half the text, ${wholeMs} ms for all of it`);
}

/** A version in the progress line: its share against the expected one, its error rate and p99. */
import type { LiveVersion } from '../analysis/live-counts.js';
import { time } from '../text/durations.js';

/** How much of each version is said. Each level leaves out something more: what matters least goes first. */
export const LEVELS = [
  'all',
  'without figures of the largest',
  'without the rate',
  'without spaces before units',
  'without the time so far',
  'without p99',
  'without an error rate of 0',
  'without expected shares',
] as const;

/** Whether the level leaves out what the other one begins to. */
export function leavesOut(level: number, what: (typeof LEVELS)[number]): boolean {
  return level >= LEVELS.indexOf(what);
}

/**
 * `v2 10.2 % (10) err 0 % p99 12 ms`
 *
 * @param name as it is to be shown
 * @param attributed responses of all versions
 * @param isLargest others say more: of two versions the share of one follows from the other's
 */
export function liveVersion(
  { requests, expectedShare, errorRate, p99Us }: LiveVersion,
  name: string,
  attributed: number,
  isLargest: boolean,
  level: number,
): string {
  const space = leavesOut(level, 'without spaces before units') ? '' : ' ';
  const brief = isLargest && leavesOut(level, 'without figures of the largest');
  const withExpected = expectedShare !== null && !leavesOut(level, 'without expected shares');
  const withErrors =
    errorRate !== null && (errorRate > 0 || !(brief || leavesOut(level, 'without an error rate of 0')));
  const withP99 = p99Us !== null && !brief && !leavesOut(level, 'without p99');
  return [
    name,
    `${attributed === 0 ? '-' : ((requests / attributed) * 100).toFixed(1)}${space}%`,
    ...(withExpected ? [`(${Number((expectedShare * 100).toPrecision(3))})`] : []),
    ...(withErrors ? [`err ${Number((errorRate * 100).toPrecision(2))}${space}%`] : []),
    ...(withP99 ? [`p99 ${time(p99Us, space)}`] : []),
  ].join(' ');
}

/** Names without the words at their beginning that all have: `backend-v1`, `backend-v2` are `v1`, `v2`. */
export function shortNames(names: readonly string[]): string[] {
  const [first = ''] = names;
  if (names.length < 2) return [...names];
  const ends = [...first.matchAll(/[-_./]/g)].map(({ index }) => index + 1);
  const common = ends.findLast((end) =>
    names.every((name) => name.length > end && name.startsWith(first.slice(0, end))),
  );
  return names.map((name) => name.slice(common ?? 0));
}

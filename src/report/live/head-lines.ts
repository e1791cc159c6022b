/** The first lines of the live view: how far the run is, and how fast. */
import { count, counted, rate } from '../../text/numbers.js';
import { widthOf } from '../../text/width.js';
import { cut, wrapItems } from '../layout/text.js';
import { done, inWholeSeconds, leftMs, ratePerSecond } from '../progress.js';
import { UNFINISHED, VERSION_UNKNOWN } from '../terms.js';
import type { LiveGoal, LivePicture } from './picture.js';

const MIN_BAR = 8;
const MAX_BAR = 60;

/** `12 s of 1m00s · 48 s left  ━━━━━━━━──────────────────` */
export function timeLine(picture: LivePicture, columns: number, faint: (text: string) => string): string {
  const { goal, now } = picture;
  const left = leftMs(now, rateOf(picture), goal);
  const soFar = inWholeSeconds(now.elapsedMs);
  const total = goal.durationMs === null ? '' : ` of ${inWholeSeconds(goal.durationMs)}`;
  const rest = goal.untilVerdict
    ? ' · until the verdict is known'
    : left === null
      ? ''
      : ` · ${inWholeSeconds(left)} left`;
  const texts = [`${soFar}${total}${rest}`, `${soFar}${rest}`, `${soFar}${total}`];
  const text = texts.find((one) => widthOf(one) <= columns) ?? soFar;
  const width = Math.min(MAX_BAR, columns - widthOf(text) - 2);
  const part = partDone(picture);
  if (part === null || width < MIN_BAR) return cut(text, columns);
  const filled = Math.round(part * width);
  return `${text}  ${'━'.repeat(filled)}${faint('─'.repeat(width - filled))}`;
}

/** `1,998/s, target 2,000/s · 24,019 requests`, in as many lines as it takes. */
export function rateLines(picture: LivePicture, columns: number): string[] {
  const { goal, now } = picture;
  const { live } = now;
  const ended = done(now);
  const of = goal.requests === null ? '' : ` of ${count(goal.requests)}`;
  const items = [
    ...(goal.warmup && ended === 0
      ? [`warm-up: ${counted(live.before, 'request')}, not counted`]
      : [`${rate(rateOf(picture))}${targetOf(goal, now.elapsedMs)}`, `${count(ended)}${of} requests`]),
    ...(live.unattributed > 0 ? [`${VERSION_UNKNOWN}: ${count(live.unattributed)}`] : []),
    ...(live.failed > 0 ? [`${count(live.failed)} failed`] : []),
    ...(live.cutOff > 0 ? [`${count(live.cutOff)} ${UNFINISHED}`] : []),
  ];
  return wrapItems(items, ' · ', columns).map((line) => cut(line, columns));
}

function rateOf({ now, before }: LivePicture): number {
  return ratePerSecond(now, before);
}

/** What the rate is compared with. */
function targetOf({ ratePerSecond: target, atOnce, rampMs }: LiveGoal, elapsedMs: number): string {
  if (target === null) return ` (${count(atOnce)} at once)`;
  return elapsedMs < rampMs ? `, growing to ${rate(target)}` : `, target ${rate(target)}`;
}

/** How much of the run is done; null: it is not known. */
function partDone({ goal, now }: LivePicture): number | null {
  const parts = [
    ...(goal.durationMs === null ? [] : [now.elapsedMs / goal.durationMs]),
    ...(goal.requests === null ? [] : [done(now) / goal.requests]),
  ];
  return parts.length === 0 ? null : Math.min(1, Math.max(0, ...parts));
}

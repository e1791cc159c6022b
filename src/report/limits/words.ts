/** Levels, steps and shares in words. */
import type { LimitsResult, StepResult } from '../../analysis/limits/result.js';
import { NONE_NAME } from '../../analysis/version-slots.js';
import { count, plain } from '../../text/numbers.js';
import { shortName } from '../layout/text.js';
import { VERSION_UNKNOWN } from '../terms.js';

export type Found = LimitsResult['limits'];

/** `180 connections`, `30 connections × 10 streams`, `2,000 requests per second` */
export function levelInWords({ search, streams }: Found, level: number): string {
  const [number, s] = [rateNumber(level), level === 1 ? '' : 's'];
  if (search === 'rate') return `${number} request${s} per second`;
  return `${number} connection${s}${streams === 1 ? '' : ` × ${count(streams)} streams`}`;
}

/** `1,998`, `0.52`; a small knee has its decimals, since its bounds are near. */
export function rateNumber(amount: number): string {
  return amount < 10 ? plain(amount) : count(amount);
}

/** `33.3 %`, `0.412 %`; neither 0 nor 100 by rounding. */
export function shareInWords(share: number): string {
  return `${sharePercent(share)} %`;
}

/** The same without its sign. */
export function sharePercent(share: number): string {
  if (share > 0 && share < 0.000_01) return '< 0.001';
  const text = plain(share * 100);
  return share < 1 && text === '100' ? '> 99.9' : text;
}

/** Whether it is shown that more than the threshold was refused. */
export function isRefused({ refusedBounds: [low] }: StepResult, { refusalThreshold }: Found): boolean {
  return low > refusalThreshold;
}

/** A version in a table or a sentence. */
export function versionName(version: string | null): string {
  if (version === null) return 'all versions';
  return version === NONE_NAME ? VERSION_UNKNOWN : shortName(version);
}

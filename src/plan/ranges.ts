/** Allowed ranges of numeric options, and checks of numbers that library users give. */
import { OptionError } from '../errors.js';
import { MAX_DURATION_MS } from './units.js';

/** From `min` to `max`, both allowed. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export const MAX_CONNECTIONS = 20_000;
const MAX_REQUESTS = 1_000_000_000;
export const MAX_RATE_PER_SECOND = 10_000_000;
/** Largest weight of an expected version. */
export const MAX_WEIGHT = 1_000_000;
const MAX_THREADS = 64;
/** Far more than any rule uses. */
const MAX_FAILURES_IN_A_ROW = 1_000_000;

export const CONNECTIONS: Range = { min: 1, max: MAX_CONNECTIONS };
/** Envoy's largest, which is no limit. */
export const LIMIT: Range = { min: 0, max: 2 ** 32 - 1 };
/** Replicas of a gateway. */
export const GATEWAY_REPLICAS: Range = { min: 1, max: 1_000 };
export const REQUESTS: Range = { min: 1, max: MAX_REQUESTS };
export const WARMUP_REQUESTS: Range = { min: 0, max: MAX_REQUESTS };
export const THREADS: Range = { min: 1, max: MAX_THREADS };
export const SEED: Range = { min: 0, max: 2 ** 32 - 1 };
export const BODY_LIMIT_BYTES: Range = { min: 512, max: 16 * 1024 * 1024 };
export const FAILURES_IN_A_ROW: Range = { min: 0, max: MAX_FAILURES_IN_A_ROW };
export const PERCENT: Range = { min: 0, max: 100 };
/** A fraction. */
export const CONFIDENCE: Range = { min: 0.5, max: 0.9999 };

/** A whole number in its range. */
export function checkCount(value: number, option: string, range: Range): number {
  if (!Number.isSafeInteger(value)) {
    throw new OptionError((name) => `${name(option)}: ${value} is not a whole number.`);
  }
  return checkRange(value, option, range);
}

/** @throws OptionError if the number is out of range, or not a number */
export function checkRange(value: number, option: string, { min, max }: Range): number {
  if (!(value >= min && value <= max)) {
    throw new OptionError((name) => `${name(option)}: ${value} is out of range: ${min} to ${max}.`);
  }
  return value;
}

/** @throws OptionError unless the number is above 0 and at most `max` */
export function checkPositive(value: number, option: string, max: number): number {
  if (!(value > 0 && value <= max)) {
    throw new OptionError((name) => `${name(option)}: ${value} is out of range: above 0, at most ${max}.`);
  }
  return value;
}

/** @throws OptionError unless the number is between two others and is neither of them */
export function checkBetween(value: number, option: string, above: number, below: number): number {
  if (!(value > above && value < below)) {
    throw new OptionError(
      (name) => `${name(option)}: ${value} is out of range: above ${above} and below ${below}.`,
    );
  }
  return value;
}

/** Milliseconds, at least `min` and at most 366 days. */
export function checkDurationMs(value: number, option: string, min: number): number {
  return checkRange(value, option, { min, max: MAX_DURATION_MS });
}

/** Milliseconds, above 0 and at most 366 days. */
export function checkPositiveMs(value: number, option: string): number {
  return checkPositive(value, option, MAX_DURATION_MS);
}

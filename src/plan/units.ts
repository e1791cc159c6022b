/** Parses numbers as users type them: durations, counts, rates, percentages. */
import { UserError } from '../errors.js';
import { goDurationMs } from './go-duration.js';

/** As in Go, but without nanoseconds, and without numbers that begin or end with a dot. */
const UNITS = /^(\d+(\.\d+)?(us|[\u00b5\u03bc]s|ms|s|m|h))+$/;

/** A year. A longer run is surely a typing error, and larger numbers are not exact in microseconds. */
export const MAX_DURATION_MS = 366 * 24 * 3_600_000;

/**
 * Reads a duration: `500ms`, `30s`, `1.5s`, `5m`, `1h30m`; a bare number is seconds, as in curl and oha.
 *
 * @returns milliseconds, possibly fractional
 * @throws UserError naming `flag`
 */
export function parseDuration(text: string, flag: string): number {
  const wrong = () =>
    new UserError(`${flag}: '${text}' is not a duration. Write it as 500ms, 30s, 5m or 1h30m.`);
  const trimmed = text.trim();
  const isSeconds = /^\d+(\.\d+)?$/.test(trimmed);
  if (!isSeconds && !UNITS.test(trimmed)) throw wrong();
  const ms = isSeconds ? Number(trimmed) * 1000 : (goDurationMs(trimmed) ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(ms) || ms > MAX_DURATION_MS) {
    throw new UserError(`${flag}: '${text}' is too long: at most 366 days.`);
  }
  return ms;
}

/** As parseDuration, but 0 is an error. */
export function parsePositiveDuration(text: string, flag: string): number {
  const ms = parseDuration(text, flag);
  if (ms <= 0) throw new UserError(`${flag}: must be longer than 0.`);
  return ms;
}

/**
 * Reads a whole number: `1000`, `1_000`, `20k`, `2M`.
 *
 * @throws UserError naming `flag`
 */
export function parseCount(text: string, flag: string, range: { min: number; max: number }): number {
  const match = /^(\d[\d_]*)([kKmM]?)$/.exec(text.trim());
  const factor = { '': 1, k: 1000, m: 1_000_000 }[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN;
  const value = match === null ? Number.NaN : Number(match[1]?.replaceAll('_', '')) * factor;
  if (!Number.isSafeInteger(value)) {
    throw new UserError(`${flag}: '${text}' is not a whole number.`);
  }
  if (value < range.min || value > range.max) {
    throw new UserError(`${flag}: ${text} is out of range: ${range.min} to ${range.max}.`);
  }
  return value;
}

/**
 * Reads a number above 0 and at most `max`, such as a rate.
 *
 * @throws UserError naming `flag`
 */
export function parsePositiveNumber(text: string, flag: string, max: number): number {
  const trimmed = text.trim();
  const value = /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!Number.isFinite(value)) throw new UserError(`${flag}: '${text}' is not a number.`);
  if (value <= 0 || value > max)
    throw new UserError(`${flag}: ${text} is out of range: above 0, at most ${max}.`);
  return value;
}

/**
 * Reads a part in percent: `1%`, `0.5`.
 *
 * @returns a fraction
 * @throws UserError naming `flag`
 */
export function parsePercent(text: string, flag: string): number {
  return parsePositiveNumber(text.trim().replace(/%$/, ''), flag, 100) / 100;
}

/**
 * Reads a confidence: `95`, `95%` or `0.95`.
 *
 * @returns a fraction from 0.5 to 0.9999
 * @throws UserError naming `flag`
 */
export function parseConfidence(text: string, flag: string): number {
  const value = parsePositiveNumber(text.trim().replace(/%$/, ''), flag, 100);
  const fraction = value >= 1 ? value / 100 : value;
  if (fraction < 0.5 || fraction > 0.9999) {
    throw new UserError(`${flag}: ${text} is out of range: 50 to 99.99 (percent).`);
  }
  return fraction;
}

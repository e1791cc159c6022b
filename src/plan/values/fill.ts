/**
 * The values of a request. They follow from the seed and the request's numbers alone, so that they can be computed again
 * from a saved run. Nothing is drawn while requests are sent.
 */
import { mix32 } from '../../random.js';
import type { Template, Value } from './template.js';

/** What the values of all requests of a worker have in common. */
export interface RunNumbers {
  readonly seed: number;
  /** Number of the worker, from 0. */
  readonly worker: number;
  /** How many workers there are. */
  readonly workers: number;
}

/** Odd numbers with well mixed bits: of the golden ratio, and of xxHash (BSD, Yann Collet). */
const GOLDEN = 0x9e3779b9;
const SECOND = 0x85ebca77;
const THIRD = 0xc2b2ae3d;

/**
 * `{{seq}}`: the number of a request in its run, over all workers.
 *
 * @param sequence in the worker's order of sending, from 0
 */
export function seqOf({ worker, workers }: RunNumbers, sequence: number): number {
  return sequence * workers + worker;
}

/**
 * `{{connection}}`: the number of a connection in its run, from 0, over all workers.
 *
 * @param serial within the worker, from 1
 */
export function connectionOf({ worker, workers }: RunNumbers, serial: number): number {
  return (serial - 1) * workers + worker;
}

/**
 * `{{uuid}}`: a UUID of version 4 (RFC 9562, section 5.4), whose random bits are mixed from seed, worker and sequence. Two
 * requests of a run never have the same.
 */
export function uuidOf(numbers: RunNumbers, sequence: number): string {
  const key = keyOf(numbers);
  // For one worker each sequence has another `a`; and if two workers have the same `a`, another `d`.
  const a = mix32(sequence ^ key);
  const d = mix32(key + Math.imul(a, GOLDEN));
  const b = mix32(d ^ mix32(numbers.seed ^ SECOND));
  const c = mix32(b + Math.imul(a, THIRD));
  const version = (b & 0xffff0fff) | 0x4000;
  const variant = (c & 0x3fffffff) | 0x80000000;
  const [hexB, hexC] = [hex(version), hex(variant)];
  return `${hex(a)}-${hexB.slice(0, 4)}-${hexB.slice(4)}-${hexC.slice(0, 4)}-${hexC.slice(4)}${hex(d)}`;
}

/** The text of a template for one request. */
export function fill(template: Template, numbers: RunNumbers, sequence: number, serial: number): string {
  let text = '';
  for (const part of template) {
    text += typeof part === 'string' ? part : textOf(part, numbers, sequence, serial);
  }
  return text;
}

function textOf(value: Value, numbers: RunNumbers, sequence: number, serial: number): string | number {
  switch (value.kind) {
    case 'uuid':
      return uuidOf(numbers, sequence);
    case 'seq':
      return seqOf(numbers, sequence);
    case 'connection':
      return connectionOf(numbers, serial);
    case 'rand':
      return value.low + Math.floor(fractionOf(numbers, sequence, value.draw) * (value.high - value.low + 1));
  }
}

/** From 0 to below 1, in steps of 2^-53. */
function fractionOf(numbers: RunNumbers, sequence: number, draw: number): number {
  const high = mix32(mix32(sequence ^ keyOf(numbers)) + Math.imul(draw, SECOND));
  const low = mix32(high + THIRD);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

/** Another number for each worker of a seed. */
function keyOf({ seed, worker }: RunNumbers): number {
  return mix32(mix32(seed) + Math.imul(worker + 1, GOLDEN));
}

function hex(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, '0');
}

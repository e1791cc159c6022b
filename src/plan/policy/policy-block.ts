import { UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import type { DestinationRule, ResourceRef } from '../manifests/model.js';

type Values = Readonly<Record<string, unknown>>;

/** One block of a manifest's plain data that knows what it is called, so that a bad value can be named. */
export class Block {
  private constructor(
    /** The resource that it stands in. */
    readonly ref: ResourceRef,
    readonly path: string,
    readonly values: Values,
  ) {}

  /** The trafficPolicy of a rule, or of one of its subsets. */
  static of(rule: DestinationRule, path: string): Block {
    return new Block(rule.ref, path, {});
  }

  /** `DestinationRule istio-test/backend: trafficPolicy.outlierDetection.interval` */
  where(key: string): string {
    return `${this.ref.kind} ${this.ref.namespace}/${this.ref.name}: ${this.path}.${key}`;
  }

  /** The block called `key`; null when absent. */
  child(values: Values, key: string): Block | null {
    const value = values[key];
    if (value === undefined || value === null) {
      return null;
    }
    if (!isRecord(value)) {
      throw this.bad(key, value, 'a block of fields');
    }
    return new Block(this.ref, `${this.path}.${key}`, value);
  }

  list(values: Values, key: string): readonly unknown[] {
    const value = values[key] ?? [];
    if (!Array.isArray(value)) {
      throw this.bad(key, value, 'a list');
    }
    return value;
  }

  /** Entry number `index` of the list `key`. */
  entry(key: string, index: number, value: unknown): Block {
    const name = `${key}[${index}]`;
    if (!isRecord(value)) {
      throw this.bad(name, value, 'a block of fields');
    }
    return new Block(this.ref, `${this.path}.${name}`, value);
  }

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  /** A whole number from `min` to `max`; null when absent. */
  number(key: string, min: number, max: number): number | null {
    if (!this.has(key)) {
      return null;
    }
    const value = this.values[key];
    const number = typeof value === 'number' ? value : Number.NaN;
    if (!Number.isInteger(number) || number < min || number > max) {
      throw this.bad(key, value, `a whole number from ${min} to ${max}`);
    }
    return number;
  }

  /** A number, whole or not, from `min` to `max`; null when absent. */
  fraction(key: string, min: number, max: number): number | null {
    if (!this.has(key)) {
      return null;
    }
    const value = this.values[key];
    if (typeof value !== 'number' || !(value >= min && value <= max)) {
      throw this.bad(key, value, `a number from ${min} to ${max}`);
    }
    return value;
  }

  boolean(key: string): boolean | null {
    if (!this.has(key)) {
      return null;
    }
    const value = this.values[key];
    if (typeof value !== 'boolean') {
      throw this.bad(key, value, 'true or false');
    }
    return value;
  }

  text(key: string): string | null {
    if (!this.has(key)) {
      return null;
    }
    const value = this.values[key];
    if (typeof value !== 'string') {
      throw this.bad(key, value, 'text');
    }
    return value;
  }

  /** Milliseconds of a duration such as `30s`, `1m30s` or `0.5s`; null when absent. */
  durationMs(key: string): number | null {
    if (!this.has(key)) {
      return null;
    }
    const value = this.values[key];
    const ms = typeof value === 'string' ? goDurationMs(value) : null;
    if (ms === null) {
      throw this.bad(key, value, 'a duration such as 30s, 500ms or 1m30s');
    }
    return ms;
  }

  bad(key: string, value: unknown, wanted: string): UserError {
    const shown = printable(JSON.stringify(value) ?? String(value), 80);
    const { file, document, line } = this.ref.source;
    return new UserError(
      `${file}: document ${document}, line ${line}: ${this.where(key)}: ${shown} is not ${wanted}`,
    );
  }
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a Go duration without a sign (`1h30m`, `0.05s`), or null when it is none. */
export function goDurationMs(text: string): number | null {
  if (text === '0') {
    return 0;
  }
  if (text.length > 40 || !/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) {
    return null;
  }
  let ms = 0;
  for (const [, number, , unit] of text.matchAll(/(\d+(\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    ms += Number(number) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return ms;
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

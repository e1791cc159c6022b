/** A result of vegeta, from its CSV or its JSON lines; `lib/results.go` of vegeta 12.8 and later has both forms. */
import { printable } from '../../text/printable.js';

export interface VegetaResult {
  /** When a worker took the request up: seconds since 1970, and nanoseconds. */
  readonly seconds: number;
  readonly nanos: number;
  readonly latencyNs: number;
  /** 0 when there was no answer. */
  readonly status: number;
  /** Also for whole answers that are not 2xx or 3xx: then their status line. */
  readonly error: string;
  /** As much as the limit allows. */
  readonly body: Buffer;
  readonly bodyBytes: number;
  /** Flat: name, value, name, value, … */
  readonly headers: readonly Buffer[];
  readonly method: string;
  readonly url: string;
  readonly sequence: number;
}

/** What is wrong with a line, as the end of a sentence that names it. */
export class ResultError extends Error {}

const NO_BYTES = Buffer.alloc(0);
const COLUMNS = 12;

/**
 * The fields of a CSV record by RFC 4180, or null when a quoted one is still open at its end.
 *
 * @throws ResultError for text behind a closing quote
 */
export function csvFields(record: string): string[] | null {
  if (!record.includes('"')) return record.split(',');
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (record[at] !== '"') {
      const comma = record.indexOf(',', at);
      fields.push(record.slice(at, comma === -1 ? record.length : comma));
      if (comma === -1) return fields;
      at = comma + 1;
      continue;
    }
    let close = record.indexOf('"', at + 1);
    while (close !== -1 && record[close + 1] === '"') close = record.indexOf('"', close + 2);
    if (close === -1) return null;
    fields.push(record.slice(at + 1, close).replaceAll('""', '"'));
    if (close + 1 === record.length) return fields;
    if (record[close + 1] !== ',') throw new ResultError('has text behind a closing quote');
    at = close + 2;
  }
}

/**
 * The result that a record of `vegeta encode --to csv` holds.
 *
 * @throws ResultError when it is none
 */
export function resultOfCsv(fields: readonly string[], bodyLimitBytes: number): VegetaResult {
  if (fields.length !== COLUMNS) {
    throw new ResultError(
      `has ${fields.length} column${fields.length === 1 ? '' : 's'}; the ${COLUMNS} of 'vegeta encode --to csv' are expected (time in ns, ` +
        'status, latency in ns, bytes out, bytes in, error, body, attack, number, method, URL, headers)',
    );
  }
  const field = (column: number) => fields[column] as string;
  const time = field(0);
  if (!/^\d{10,19}$/.test(time)) throw wrong('column 1 (time)', time, 'nanoseconds since 1970');
  const body = field(6);
  return {
    seconds: Number(time.slice(0, -9)),
    nanos: Number(time.slice(-9)),
    status: whole('column 2 (status)', field(1), 65_535),
    latencyNs: whole('column 3 (latency)', field(2)),
    error: field(5),
    ...decoded('column 7 (body)', body, bodyLimitBytes),
    sequence: whole('column 9 (number)', field(8)),
    method: field(9),
    url: field(10),
    headers: mimeHeaders(decoded('column 12 (headers)', field(11), Number.POSITIVE_INFINITY).body),
  };
}

const TIME = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * The result that a line of `vegeta encode --to json` holds. Fields that may have been taken out to make the
 * file smaller (body, headers, names) may be missing.
 *
 * @throws ResultError when it is none
 */
export function resultOfJson(line: string, bodyLimitBytes: number): VegetaResult {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new ResultError(
      "is not a JSON object; a result per line, as of 'vegeta encode --to json', is expected",
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ResultError(
      "is not a JSON object; a result per line, as of 'vegeta encode --to json', is expected",
    );
  }
  const record = json as Record<string, unknown>;
  const field = (name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined);
  for (const name of ['timestamp', 'latency', 'code']) {
    if (field(name) === undefined) {
      throw new ResultError(`has no "${name}"; a result of 'vegeta encode --to json' is expected`);
    }
  }
  const text = (name: string): string => {
    const value = field(name) ?? '';
    if (typeof value !== 'string') throw wrong(`"${name}"`, value, 'a text');
    return value;
  };
  const number = (name: string, most?: number) => whole(`"${name}"`, field(name) ?? 0, most);
  const time = TIME.exec(text('timestamp'));
  const seconds = time === null ? Number.NaN : Date.parse(`${time[1]}${time[3]}`) / 1000;
  if (time === null || !Number.isInteger(seconds) || seconds < 0) {
    throw wrong('"timestamp"', field('timestamp'), 'a time such as 2026-03-01T12:00:00.123456789Z');
  }
  return {
    seconds,
    nanos: Number((time[2] ?? '').padEnd(9, '0')),
    status: number('code', 65_535),
    latencyNs: number('latency'),
    error: text('error'),
    ...decoded('"body"', text('body'), bodyLimitBytes),
    sequence: number('seq'),
    method: text('method'),
    url: text('url'),
    headers: jsonHeaders(field('headers')),
  };
}

function wrong(where: string, value: unknown, expected: string): ResultError {
  return new ResultError(
    `has in ${where} ${printable(JSON.stringify(value) ?? 'nothing', 60)}; expected is ${expected}`,
  );
}

function whole(where: string, value: unknown, most = Number.POSITIVE_INFINITY): number {
  const number = typeof value === 'string' && /^\d{1,20}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && number >= 0 && number <= most && Number.isInteger(number)) return number;
  const range = most === Number.POSITIVE_INFINITY ? 'from 0' : `from 0 to ${most}`;
  throw wrong(where, value, `a whole number ${range}`);
}

/** Base64, decoded as far as the limit; the length is that of all. */
function decoded(where: string, text: string, limit: number): { body: Buffer; bodyBytes: number } {
  if (text === '') return { body: NO_BYTES, bodyBytes: 0 };
  const kept = Math.min(text.length, Math.ceil(limit / 3) * 4);
  const bytes = Buffer.from(kept < text.length ? text.slice(0, kept) : text, 'base64');
  const whole = bytesIn(text, text.length);
  // Node skips what is no base64: then there are too few bytes.
  if (text.length % 4 !== 0 || bytes.length !== bytesIn(text, kept)) {
    throw wrong(where, text, 'base64');
  }
  return { body: bytes.length > limit ? bytes.subarray(0, limit) : bytes, bodyBytes: whole };
}

function bytesIn(text: string, length: number): number {
  const padding = length < text.length ? 0 : text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (length / 4) * 3 - padding;
}

/** `Name: value` lines, as Go's http.Header writes them. */
function mimeHeaders(block: Buffer): Buffer[] {
  const headers: Buffer[] = [];
  for (let from = 0; from < block.length; ) {
    const newline = block.indexOf('\r\n', from);
    const line = block.subarray(from, newline === -1 ? block.length : newline);
    from = newline === -1 ? block.length : newline + 2;
    if (line.length === 0) continue;
    const colon = line.indexOf(':');
    if (colon < 1) throw new ResultError('has a header without a colon in column 12 (headers)');
    headers.push(line.subarray(0, colon), line.subarray(colon + 1));
  }
  return headers;
}

function jsonHeaders(value: unknown): Buffer[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong('"headers"', value, 'an object');
  const headers: Buffer[] = [];
  for (const [name, values] of Object.entries(value as Record<string, unknown>)) {
    if (values === null) continue;
    if (!Array.isArray(values)) throw wrong('"headers"', value, 'a list of values for each name');
    for (const one of values) {
      if (typeof one !== 'string') throw wrong('"headers"', value, 'texts as values');
      headers.push(Buffer.from(name), Buffer.from(one));
    }
  }
  return headers;
}

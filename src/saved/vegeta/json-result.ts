/** Results in the form of `vegeta encode --to json`. */
import { JsonLimitError, parseJson } from '../../text/json.js';
import { decodeBase64, ResultError, unexpectedValue, type VegetaResult, wholeNumber } from './result.js';

/** RFC 3339: date and time, fraction of a second, zone. */
const TIME = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * The result that a line of `vegeta encode --to json` holds. Only timestamp, latency and code are required: the
 * other fields may have been removed to make the file smaller.
 *
 * @param bodyLimitBytes of the body, so many bytes are kept
 * @throws ResultError when the line is not a result
 */
export function resultOfJson(line: string, bodyLimitBytes: number): VegetaResult {
  const record = jsonObject(line);
  const field = (name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined);
  for (const name of ['timestamp', 'latency', 'code']) {
    if (field(name) === undefined) {
      throw new ResultError(`has no "${name}", which every result of 'vegeta encode --to json' has`);
    }
  }
  const text = (name: string): string => {
    const value = field(name) ?? '';
    if (typeof value !== 'string') throw unexpectedValue(`"${name}"`, value, 'a string');
    return value;
  };
  const number = (name: string, max?: number) => wholeNumber(`"${name}"`, field(name) ?? 0, max);
  const time = TIME.exec(text('timestamp'));
  const seconds = time === null ? Number.NaN : Date.parse(`${time[1]}${time[3]}`) / 1000;
  if (time === null || !Number.isInteger(seconds) || seconds < 0) {
    throw unexpectedValue('"timestamp"', field('timestamp'), 'a time such as 2026-03-01T12:00:00.123456789Z');
  }
  return {
    seconds,
    nanos: Number((time[2] ?? '').padEnd(9, '0')),
    status: number('code', 65_535),
    latencyNs: number('latency'),
    error: text('error'),
    ...decodeBase64('"body"', text('body'), bodyLimitBytes),
    sequence: number('seq'),
    method: text('method'),
    url: text('url'),
    headers: jsonHeaders(field('headers')),
  };
}

function jsonObject(line: string): Record<string, unknown> {
  let json: unknown = null;
  try {
    json = parseJson(line);
  } catch (error) {
    if (error instanceof JsonLimitError) throw new ResultError(error.message);
    // Otherwise the same error as for JSON that is not an object.
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new ResultError("is not a JSON object; 'vegeta encode --to json' writes one result per line");
}

/** Headers from an object whose values are lists, as Go writes an http.Header. */
function jsonHeaders(value: unknown): Buffer[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value))
    throw unexpectedValue('"headers"', value, 'an object');
  const headers: Buffer[] = [];
  for (const [name, values] of Object.entries(value as Record<string, unknown>)) {
    if (values === null) continue;
    if (!Array.isArray(values))
      throw unexpectedValue('"headers"', value, 'an object with a list of strings for each name');
    for (const one of values) {
      if (typeof one !== 'string')
        throw unexpectedValue('"headers"', value, 'an object with a list of strings for each name');
      headers.push(Buffer.from(name), Buffer.from(one));
    }
  }
  return headers;
}

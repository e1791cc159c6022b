/** Results in the form of `vegeta encode --to csv`. */
import { decodeBase64, ResultError, unexpectedValue, type VegetaResult, wholeNumber } from './result.js';

/** Columns of a record: those of `NewCSVEncoder` in vegeta's lib/results.go. */
const COLUMNS = 12;

/**
 * The fields of a CSV record by RFC 4180, or null when a quoted field is not closed at its end.
 *
 * @throws ResultError for text after a closing quote
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
    if (record[close + 1] !== ',') throw new ResultError('has text after a closing quote');
    at = close + 2;
  }
}

/**
 * The result that a record of `vegeta encode --to csv` holds.
 *
 * @param bodyLimitBytes of the body, so many bytes are kept
 * @throws ResultError when the record is not a result
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
  if (!/^\d{10,19}$/.test(time))
    throw unexpectedValue('column 1 (time)', time, 'a number of nanoseconds since 1970');
  const body = field(6);
  return {
    seconds: Number(time.slice(0, -9)),
    nanos: Number(time.slice(-9)),
    status: wholeNumber('column 2 (status)', field(1), 65_535),
    latencyNs: wholeNumber('column 3 (latency)', field(2)),
    error: field(5),
    ...decodeBase64('column 7 (body)', body, bodyLimitBytes),
    sequence: wholeNumber('column 9 (number)', field(8)),
    method: field(9),
    url: field(10),
    headers: mimeHeaders(decodeBase64('column 12 (headers)', field(11), Number.POSITIVE_INFINITY).body),
  };
}

/** Headers from `Name: value` lines, as Go's http.Header writes them. */
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

/** Reads vegeta's results from the lines of a file. An error names the line. */
import { UserError } from '../../errors.js';
import type { ByteSource } from '../../io/byte-source.js';
import { type Line, MAX_LINE_BYTES, readLines } from '../../io/lines.js';
import { csvFields, resultOfCsv } from './csv-result.js';
import { resultOfJson } from './json-result.js';
import { ResultError, type VegetaResult } from './result.js';

/** The text forms that `vegeta encode` writes. */
export type VegetaForm = 'csv' | 'json';

/** How a file of results ends. */
export interface ResultsEnd {
  /** Number of the line at which an incomplete last record begins; null when the last record is complete. */
  readonly cutAt: number | null;
}

/** The results, some at a time and in the order of the file; at last, how the file ends. */
export type ReadResults = AsyncGenerator<VegetaResult[], ResultsEnd>;

/**
 * Reads all results of a source.
 *
 * @param bodyLimitBytes bytes of a body that are kept
 * @throws UserError naming file and line of a record that is not a result. An incomplete last record is not an error
 */
export async function* readResults(
  source: ByteSource,
  form: VegetaForm,
  bodyLimitBytes: number,
): ReadResults {
  const read = form === 'csv' ? new CsvRecords(bodyLimitBytes) : new JsonRecords(bodyLimitBytes);
  for await (const lines of readLines(source)) {
    const results: VegetaResult[] = [];
    for (const line of lines) {
      try {
        const result = read.result(line);
        if (result !== null) results.push(result);
      } catch (error) {
        if (!(error instanceof ResultError)) throw error;
        if (!line.ended) {
          if (results.length > 0) yield results;
          return { cutAt: read.startedAt ?? line.number };
        }
        throw new UserError(`${source.file}: line ${read.startedAt ?? line.number} ${error.message}.`);
      }
    }
    if (results.length > 0) yield results;
  }
  return { cutAt: read.startedAt };
}

class JsonRecords {
  readonly startedAt = null;

  constructor(readonly bodyLimitBytes: number) {}

  result({ bytes }: Line): VegetaResult | null {
    return bytes.length === 0 ? null : resultOfJson(bytes.toString('utf8'), this.bodyLimitBytes);
  }
}

/** A record takes several lines when the text of its error has line ends in it; that field is quoted then. */
class CsvRecords {
  /** Number of the line in which an incomplete record began; null when there is none. */
  startedAt: number | null = null;
  #text = '';

  constructor(readonly bodyLimitBytes: number) {}

  result({ bytes, number, ended }: Line): VegetaResult | null {
    if (bytes.length === 0 && this.startedAt === null) return null;
    const text = bytes.toString('utf8');
    this.#text = this.startedAt === null ? text : `${this.#text}\n${text}`;
    if (this.#text.length > MAX_LINE_BYTES) throw new ResultError('begins a quoted field that does not end');
    this.startedAt ??= number;
    const fields = csvFields(this.#text.endsWith('\r') ? this.#text.slice(0, -1) : this.#text);
    if (fields === null) {
      if (!ended) throw new ResultError('ends inside a quoted field');
      return null;
    }
    const result = resultOfCsv(fields, this.bodyLimitBytes);
    // The file may have been cut within the last column, where what is left is valid base64 all the same. The
    // headers of a response end in an empty line, so that a cut shows.
    if (!ended && result.status !== 0 && !headersComplete(fields[11] as string))
      throw new ResultError('is incomplete');
    this.startedAt = null;
    return result;
  }
}

function headersComplete(base64: string): boolean {
  return Buffer.from(base64, 'base64').toString('latin1').endsWith('\r\n\r\n');
}

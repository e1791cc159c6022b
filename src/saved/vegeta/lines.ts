/** Results of vegeta out of the lines of a file, with an error that names the line that holds none. */
import { UserError } from '../../errors.js';
import type { ByteSource } from '../../io/byte-source.js';
import { type Line, MAX_LINE_BYTES, readLines } from '../../io/lines.js';
import { csvFields, ResultError, resultOfCsv, resultOfJson, type VegetaResult } from './result.js';

export type VegetaForm = 'csv' | 'json';

export interface Ending {
  /** Number of the line in the middle of which the file ends; null when it ends with a whole one. */
  readonly cutAt: number | null;
}

/** Some results at a time. */
export type ReadResults = AsyncGenerator<VegetaResult[], Ending>;

/**
 * @param bodyLimitBytes of a body so much is kept
 * @throws UserError naming file and line
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

/** An error's text may have line ends in it: such a record is quoted, and goes over several lines. */
class CsvRecords {
  /** Line in which a record began that is not whole yet. */
  startedAt: number | null = null;
  #text = '';

  constructor(readonly bodyLimitBytes: number) {}

  result({ bytes, number, ended }: Line): VegetaResult | null {
    if (bytes.length === 0 && this.startedAt === null) return null;
    const text = bytes.toString('utf8');
    this.#text = this.startedAt === null ? text : `${this.#text}\n${text}`;
    if (this.#text.length > MAX_LINE_BYTES) throw new ResultError('begins a quoted text that does not end');
    this.startedAt ??= number;
    const fields = csvFields(this.#text.endsWith('\r') ? this.#text.slice(0, -1) : this.#text);
    if (fields === null) {
      if (!ended) throw new ResultError('ends in a quoted text');
      return null;
    }
    const result = resultOfCsv(fields, this.bodyLimitBytes);
    // The last column could have been cut where it is still whole base64, or nothing: headers of an answer end in
    // an empty line.
    if (!ended && result.status !== 0 && !headersWhole(fields[11] as string)) throw new ResultError('is cut');
    this.startedAt = null;
    return result;
  }
}

function headersWhole(base64: string): boolean {
  return Buffer.from(base64, 'base64').toString('latin1').endsWith('\r\n\r\n');
}

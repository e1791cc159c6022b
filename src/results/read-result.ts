/** Reads what `compare` compares: results as JSON, and saved runs, which are analyzed first. */
import type { Comparable } from '../analysis/compare/inputs.js';
import { analyze } from '../analyze.js';
import { UserError } from '../errors.js';
import { ByteSource } from '../io/byte-source.js';
import { openSource } from '../saved/open.js';
import { resultFromJson } from './json-result.js';

/** By so many bytes at its beginning a file is told from others. */
const FORMAT_BYTES = 1024;
/** Bytes of JSON. A result with 10,000 endpoints has a tenth of that. */
const MAX_RESULT_BYTES = 268_435_456;
const PIECE_BYTES = 4 << 20;

/**
 * A result from a file or a pipe: JSON of `run`, `analyze` or `limits`, or a saved run, which is analyzed as it was planned.
 *
 * @throws UserError for a file that cannot be read, is cut, or holds something else, saying what
 */
export async function readResult(file: string): Promise<Comparable> {
  const source = await ByteSource.open(file);
  let json: string | null;
  try {
    json = isJson(await source.peek(FORMAT_BYTES)) ? await textOf(source) : null;
  } catch (error) {
    await source.close();
    throw error;
  }
  if (json === null) return analyze([await openSource(source)]);
  await source.close();
  return resultFromJson(json, file);
}

/** JSON, but not a result of vegeta, which `analyze` reads. */
function isJson(begin: Buffer): boolean {
  const text = begin.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  return /^\s*[[{"]/.test(text) && !/^\s*\{"attack"/.test(text);
}

async function textOf(source: ByteSource): Promise<string> {
  const pieces: Buffer[] = [];
  for (let bytes = 0; ; ) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const got = await source.fill(piece);
    bytes += got;
    if (bytes > MAX_RESULT_BYTES) {
      throw new UserError(`${source.file} is larger than ${MAX_RESULT_BYTES >> 20} MiB, as no result is.`);
    }
    pieces.push(piece.subarray(0, got));
    if (got < PIECE_BYTES) break;
  }
  return Buffer.concat(pieces)
    .toString('utf8')
    .replace(/^\ufeff/, '');
}

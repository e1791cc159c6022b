/** Opens what `analyze` reads: runs that Weighbridge saved, and results of vegeta. The content of a file says which it is. */
import { UserError } from '../errors.js';
import { ByteSource } from '../io/byte-source.js';
import { DEFAULT_BODY_LIMIT_BYTES, DEFAULT_CONFIDENCE, DEFAULT_TOLERANCE } from '../plan/defaults.js';
import { openSavedRun } from './arrow/reader.js';
import type { SavedRun } from './saved-run.js';
import type { ImportOptions } from './vegeta/import-plan.js';
import type { VegetaForm } from './vegeta/read-results.js';
import { openVegeta } from './vegeta/vegeta-run.js';

/** The format is recognized by so many bytes at the beginning of a file. */
const FORMAT_BYTES = 1024;
const DEFAULT_OPTIONS: ImportOptions = {
  version: null,
  endpoint: null,
  bodyLimitBytes: DEFAULT_BODY_LIMIT_BYTES,
  judge: { expected: null, tolerance: DEFAULT_TOLERANCE, confidence: DEFAULT_CONFIDENCE },
};

/**
 * Opens a saved run, or results of vegeta as CSV or JSON, from a file or a pipe.
 *
 * @param options what results of another tool do not say; by default the version is detected and nothing is judged
 * @throws UserError for a file that cannot be read or has another format
 */
export async function openRun(file: string, options: ImportOptions = DEFAULT_OPTIONS): Promise<SavedRun> {
  const source = await ByteSource.open(file);
  let form: VegetaForm | null;
  try {
    form = vegetaForm(await source.peek(FORMAT_BYTES), file);
  } catch (error) {
    await source.close();
    throw error;
  }
  return form === null ? openSavedRun(file, source) : openVegeta(source, form, options);
}

/** The form of vegeta's results, by the first bytes of a file; null for what may be a saved run. */
function vegetaForm(begin: Buffer, file: string): VegetaForm | null {
  const text = begin.toString('latin1');
  if (/^\s*\{/.test(text)) return 'json';
  if (/^\d+,/.test(text)) return 'csv';
  if (text.includes('Result') && text.includes('Timestamp') && text.includes('\0')) {
    throw new UserError(
      `${file} holds vegeta's results in their binary form: 'vegeta encode --to csv ${file}' writes them as text.`,
    );
  }
  return null;
}

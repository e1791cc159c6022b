/** Opens what `analyze` reads: runs that Weighbridge saved, and results of vegeta, told apart by their content. */
import { UserError } from '../errors.js';
import { ByteSource } from '../io/byte-source.js';
import { DEFAULT_BODY_LIMIT_BYTES, DEFAULT_CONFIDENCE, DEFAULT_TOLERANCE } from '../plan/defaults.js';
import { openSavedRun } from './arrow/reader.js';
import type { SavedRun } from './saved-run.js';
import type { ImportOptions } from './vegeta/import-plan.js';
import type { VegetaForm } from './vegeta/read-results.js';
import { openVegeta } from './vegeta/vegeta-run.js';

const LOOKED_AT_BYTES = 1024;
const NOTHING_SAID: ImportOptions = {
  version: null,
  endpoint: null,
  bodyLimitBytes: DEFAULT_BODY_LIMIT_BYTES,
  judge: { expected: null, tolerance: DEFAULT_TOLERANCE, confidence: DEFAULT_CONFIDENCE },
};

/**
 * Opens a file or a pipe.
 *
 * @param options for what another tool's results do not tell
 * @throws UserError for a file that cannot be read or is none of these
 */
export async function openRun(file: string, options: ImportOptions = NOTHING_SAID): Promise<SavedRun> {
  const source = await ByteSource.open(file);
  let form: VegetaForm | null;
  try {
    form = vegetaForm(await source.peek(LOOKED_AT_BYTES), file);
  } catch (error) {
    await source.close();
    throw error;
  }
  return form === null ? openSavedRun(file, source) : openVegeta(source, form, options);
}

/** What the first bytes say; null for what may be a saved run. */
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

/** Opens what `analyze` reads: runs that Weighbridge saved, and results of vegeta. The content of a file says which it is. */
import { UserError } from '../errors.js';
import { ByteSource } from '../io/byte-source.js';
import { makeIdentify } from '../plan/identify.js';
import { DEFAULT_JUDGE, type GivenJudge, givenJudge, judgeWith } from '../plan/judge.js';
import type { IdentifyPlan } from '../plan/plan.js';
import type { JudgeOptions, PlanOptions } from '../plan/plan-options.js';
import { openSavedRun } from './arrow/reader.js';
import type { SavedRun } from './saved-run.js';
import type { ImportOptions } from './vegeta/import-plan.js';
import type { VegetaForm } from './vegeta/read-results.js';
import { openVegeta } from './vegeta/vegeta-run.js';

/** The format is recognized by so many bytes at the beginning of a file. */
const FORMAT_BYTES = 1024;

/**
 * What results of another tool do not say, in the forms of `makePlan`; a saved run ignores it. By default version and
 * endpoint are detected, and nothing is judged.
 */
export type OpenOptions = JudgeOptions & Pick<PlanOptions, 'versionFrom' | 'endpointFrom' | 'bodyLimitBytes'>;

/**
 * Opens a saved run, or results of vegeta as CSV or JSON, from a file or a pipe.
 *
 * @throws OptionError naming the option that is wrong
 * @throws UserError for a file that cannot be read or has another format
 */
export async function openRun(file: string, options: OpenOptions = {}): Promise<SavedRun> {
  makeIdentify(options);
  givenJudge(options);
  return openSource(await ByteSource.open(file), options);
}

/** {@link openRun} of what is open already and was only looked at (`peek`). */
export async function openSource(source: ByteSource, options: OpenOptions = {}): Promise<SavedRun> {
  const { file } = source;
  let form: VegetaForm | null;
  let imports: ImportOptions | null;
  try {
    form = vegetaForm(await source.peek(FORMAT_BYTES), file);
    imports = form === null ? null : importOptions(options, makeIdentify(options), givenJudge(options));
  } catch (error) {
    await source.close();
    throw error;
  }
  return form === null || imports === null ? openSavedRun(file, source) : openVegeta(source, form, imports);
}

function importOptions(
  { versionFrom, endpointFrom }: OpenOptions,
  { version, endpoint, bodyLimitBytes }: IdentifyPlan,
  given: GivenJudge,
): ImportOptions {
  return {
    version: versionFrom === undefined ? null : version,
    endpoint: endpointFrom === undefined ? null : endpoint,
    bodyLimitBytes,
    judge: judgeWith(given, DEFAULT_JUDGE, ['expect']),
  };
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

/** Every output that there is, from the registries: a new one is in the tests of all of them at once. */
import { RUN_REPORTS } from '../../src/report/index.js';
import { SAMPLE_FORMATS } from '../../src/saved/sinks/formats.js';

/** Options of `run` and `analyze` that write a report to a file or to standard output. */
export const REPORT_FLAGS: readonly string[] = RUN_REPORTS.files.flatMap(({ flag }) => flag ?? []);
/** Options of `run` that write requests. */
export const SAMPLE_FLAGS: readonly string[] = SAMPLE_FORMATS.map(({ flag }) => flag);
/** Options of `run` that write a file. */
export const FILE_FLAGS: readonly string[] = [...REPORT_FLAGS, ...SAMPLE_FLAGS];
/** The files of `--csv-dir`. */
export const CSV_FILES: readonly string[] = RUN_REPORTS.files.flatMap(({ csvFile }) => csvFile ?? []);

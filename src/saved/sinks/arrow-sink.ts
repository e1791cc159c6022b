/** Saves a run, for users of the library. */
import { SAVED_RUN_MODE } from './formats.js';
import { FileTarget } from './output-target.js';
import { SampleOutput } from './sample-output.js';

/**
 * A sink that saves a run as `--save` does: `run(plan, { sinks: [await arrowSink('run.arrow')] })`. It does not throw
 * when the file cannot be written: read its `complaint` after the run.
 *
 * @param file an existing file is replaced when the load begins; a new one is for its owner only (mode 0600)
 */
export async function arrowSink(file: string): Promise<SampleOutput> {
  // apache-arrow is loaded only when a run is saved.
  const { ArrowEncoder } = await import('./arrow-encoder.js');
  return new SampleOutput(new FileTarget(file, SAVED_RUN_MODE), new ArrowEncoder());
}

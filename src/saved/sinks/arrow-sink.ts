/** Saving a run, for users of the library. */
import { FileTarget } from './output-target.js';
import { SampleOutput } from './sample-output.js';

/**
 * A sink that saves a run as `--save` does: `run(plan, { sinks: [sink] })`. Nothing is thrown when the file
 * cannot be written: see the sink's `complaint` after the run.
 *
 * @param file what is there already is replaced when the load begins
 */
export async function arrowSink(file: string): Promise<SampleOutput> {
  // apache-arrow is loaded only when a run is saved.
  const { ArrowEncoder } = await import('./arrow-encoder.js');
  return new SampleOutput(new FileTarget(file), new ArrowEncoder());
}

/** `--save` and `--samples`: where the samples of a run are written while it goes on. */
import { UserError } from '../../errors.js';
import { FileTarget, StdoutTarget } from '../../saved/sinks/output-target.js';
import { SampleOutput } from '../../saved/sinks/sample-output.js';
import type { SampleDestination } from '../options/output.js';
import { requireWritable, STDOUT } from './destinations.js';

export interface SampleOutputs {
  readonly sinks: readonly SampleOutput[];
  /** After the run: what could not be written. */
  complaints(): string[];
}

/**
 * Opens the sample outputs, each known to be writable. Nothing is changed before the load begins.
 *
 * @param effect what an error says of the command besides, with a space before it
 * @throws UserError naming the option and the file
 */
export async function openSamples(
  destinations: readonly SampleDestination[],
  effect: string,
): Promise<SampleOutputs> {
  const opened: { destination: SampleDestination; sink: SampleOutput }[] = [];
  for (const destination of destinations) {
    const target = destination.file === STDOUT ? stdoutTarget(destination) : fileTarget(destination, effect);
    opened.push({ destination, sink: new SampleOutput(target, await destination.format.encoder()) });
  }
  return {
    sinks: opened.map(({ sink }) => sink),
    complaints: () =>
      opened
        // standard-streams.ts reports errors of standard output.
        .filter(({ destination, sink }) => destination.file !== STDOUT && sink.complaint !== null)
        .map(({ destination: { flag, file }, sink }) => `--${flag}: ${file} ${sink.complaint}.`),
  };
}

function stdoutTarget({ flag, format }: SampleDestination): StdoutTarget {
  if (format.binary && process.stdout.isTTY) {
    throw new UserError(
      `--${flag}: - writes binary data to standard output, which is a terminal: give a file name, or a pipe.`,
    );
  }
  return new StdoutTarget();
}

function fileTarget(destination: SampleDestination, effect: string): FileTarget {
  const target = new FileTarget(destination.file);
  requireWritable(destination, effect, () => target.try());
  return target;
}

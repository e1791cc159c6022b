/** `--save` and `--samples`: outputs that get the samples during the run. */
import { UserError } from '../../errors.js';
import { FileTarget, StdoutTarget } from '../../saved/sinks/output-target.js';
import { SampleOutput } from '../../saved/sinks/sample-output.js';
import type { SampleDestination } from '../options/output.js';
import { requireWritable, STDOUT } from './destinations.js';

export interface SampleOutputs {
  readonly sinks: readonly SampleOutput[];
  /** After the run: an error message for each output that could not be written. */
  complaints(): string[];
  /** Whether a write to standard output is still under way that was given up. It would keep the process from ending. */
  stdoutHangs(): boolean;
}

/**
 * Opens the sample outputs after checking that each can be written. No file is changed before the load begins.
 *
 * @param effect added to the error: what it means for the command; begins with a space
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
        .filter(
          ({ destination, sink }) => sink.complaint !== null && (destination.file !== STDOUT || sink.hangs),
        )
        .map(({ destination: { flag, file }, sink }) => {
          return `--${flag}: ${file === STDOUT ? 'standard output' : file} ${sink.complaint}.`;
        }),
    stdoutHangs: () => opened.some(({ destination, sink }) => destination.file === STDOUT && sink.hangs),
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
  requireWritable(destination, effect);
  return new FileTarget(destination.file, destination.format.newMode);
}

/** `--save` and `--samples`: where the samples of a run are written while it goes on. */
import { UserError } from '../errors.js';
import { FileTarget, StdoutTarget } from '../saved/sinks/output-target.js';
import { type SampleEncoder, SampleOutput } from '../saved/sinks/sample-output.js';
import { type Flags, one } from './options/flags.js';
import { type Destination, refuseSamePlace } from './outputs.js';

export interface SampleOutputs {
  readonly sinks: readonly SampleOutput[];
  /** Standard output is theirs. */
  readonly onStdout: boolean;
  /** After the run: what could not be written. */
  complaints(): string[];
}

/**
 * The sample outputs that the options name, each known to be writable. Nothing is changed before the load begins.
 *
 * @param others outputs that must not be the same files
 * @throws UserError naming the option and the file
 */
export async function openSampleOutputs(
  flags: Flags,
  others: readonly Destination[],
): Promise<SampleOutputs> {
  const opened: { flag: string; file: string; sink: SampleOutput }[] = [];
  for (const flag of ['save', 'samples'] as const) {
    const file = one(flags, flag);
    if (file === undefined) continue;
    if (file === '') throw new UserError(`--${flag}: give a file name, or - for standard output.`);
    const target = file === '-' ? stdout(flag) : triedFile(flag, file);
    opened.push({ flag, file, sink: new SampleOutput(target, await encoderFor(flag)) });
  }
  refuseSamePlace([...others, ...opened]);
  return {
    sinks: opened.map(({ sink }) => sink),
    onStdout: opened.some(({ file }) => file === '-'),
    complaints: () =>
      opened
        // Of standard output it is said elsewhere (standard-streams.ts).
        .filter(({ file, sink }) => file !== '-' && sink.complaint !== null)
        .map(({ flag, file, sink }) => `--${flag}: ${file} ${sink.complaint}.`),
  };
}

function stdout(flag: 'save' | 'samples'): StdoutTarget {
  if (flag === 'save' && process.stdout.isTTY) {
    throw new UserError(
      '--save: - writes binary data to standard output, which is a terminal: give a file name, or a pipe.',
    );
  }
  return new StdoutTarget();
}

function triedFile(flag: string, file: string): FileTarget {
  const target = new FileTarget(file);
  try {
    target.try();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UserError(`--${flag}: ${file} cannot be written (${code}). Nothing was sent.`);
  }
  return target;
}

/** Each brings a library of its own, loaded when it is wanted. */
async function encoderFor(flag: 'save' | 'samples'): Promise<SampleEncoder> {
  if (flag === 'save') return new (await import('../saved/sinks/arrow-encoder.js')).ArrowEncoder();
  return new (await import('../saved/sinks/csv-encoder.js')).CsvEncoder();
}

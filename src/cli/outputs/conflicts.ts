/** Refuses outputs that would destroy what a command reads, or each other, before anything is sent. */
import { UserError } from '../../errors.js';
import { descriptorIdentity, fileIdentity } from '../../io/file-identity.js';
import { manifestFiles } from '../../plan/manifests/sources.js';
import { type Destination, STDOUT } from './destinations.js';
import type { Input } from './inputs.js';
import { hasFilesBeside, isVersionFile, versionFilesFound } from './version-files.js';

/** @throws UserError naming the option whose file is read, is standard output's, or is another option's too */
export async function refuseConflicts(
  inputs: readonly Input[],
  outputs: readonly Destination[],
): Promise<void> {
  const stdout = descriptorIdentity(1);
  refuseNamesOfVersions(outputs);
  const written = outputs.flatMap(withVersionFiles).map((output) => ({
    ...output,
    identity: output.file === STDOUT ? STDOUT : fileIdentity(output.file),
  }));
  for (const [i, { flag, file, identity }] of written.entries()) {
    if (identity === null) continue;
    const first = written.slice(0, i).find((other) => other.identity === identity);
    if (first !== undefined) throw new UserError(sameOutput(first, { flag, file }));
    if (identity === stdout) {
      throw new UserError(`--${flag}: standard output goes to ${file} too. Give another name, or -.`);
    }
  }
  for (const input of await filesOf(inputs)) {
    const identity = fileIdentity(input.file);
    if (identity === null) continue;
    if (identity === stdout) {
      throw new UserError(
        `Standard output goes to ${input.file}, which ${input.reader} reads. Give another name.`,
      );
    }
    const output = written.find((one) => one.identity === identity);
    if (output !== undefined) throw new UserError(readOutput(input, output));
  }
}

/** The output, and files of single versions that are there already: a run may replace each of them. */
function withVersionFiles(output: Destination): Destination[] {
  const { flag, file, perVersion } = output;
  if (perVersion === undefined || !hasFilesBeside(file)) return [output];
  return [output, ...versionFilesFound(file).map((beside) => ({ flag, file: beside }))];
}

/** What versions will be called is not known: no other output may have a name that one of them could get. */
function refuseNamesOfVersions(outputs: readonly Destination[]): void {
  for (const { flag, file, perVersion } of outputs) {
    if (perVersion === undefined || !hasFilesBeside(file)) continue;
    const other = outputs.find(
      (one) => one.flag !== flag && one.file !== STDOUT && isVersionFile(file, one.file),
    );
    if (other === undefined) continue;
    throw new UserError(
      `--${other.flag} and --${flag} could both write to ${other.file}: --${flag} names files of versions like this. Give another name.`,
    );
  }
}

/** Folders of manifests are listed. */
async function filesOf(inputs: readonly Input[]): Promise<Input[]> {
  const files: Input[] = [];
  for (const { file, reader } of inputs) {
    // What is no folder, or cannot be read, stands for itself.
    const inFolder = await manifestFiles(file).catch(() => [file]);
    files.push(...inFolder.map((each) => ({ file: each, reader })));
  }
  return files;
}

function sameOutput(first: Destination, second: Destination): string {
  const both = `--${first.flag} and --${second.flag} would both write to`;
  if (second.file === STDOUT) return `${both} standard output.`;
  return `${both} ${second.file}${alsoCalled(second.file, first.file)}.`;
}

function readOutput({ file, reader }: Input, output: Destination): string {
  const named = alsoCalled(file, output.file);
  return `--${output.flag} would write to ${file}${named}, which ${reader} reads. Give another name.`;
}

function alsoCalled(file: string, other: string): string {
  return file === other ? '' : ` (also called ${other})`;
}

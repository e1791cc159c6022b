/** Entry point of the command line: turns errors into messages and exit codes. */
import { tooManyFiles, UserError } from '../errors.js';
import { packageVersion } from '../io/package-root.js';
import { complain } from './complain.js';
import { endProcess, watchInternalErrors } from './internal-error.js';
import { watchStandardStreams } from './standard-streams.js';

/** The error with the names of flags; unchanged if the module for it cannot be loaded because too many files are open. */
async function withFlags(error: UserError): Promise<UserError> {
  try {
    const { namingFlags } = await import('./options/flag-names.js');
    return namingFlags(error, words[0]);
  } catch (notLoaded) {
    if (tooManyFiles(notLoaded) === null) throw notLoaded;
    return error;
  }
}

/** Prints an error. */
async function report(error: unknown): Promise<void> {
  if (error instanceof UserError) {
    complain((await withFlags(error)).message);
    process.exitCode = error.exitCode;
    return;
  }
  endProcess(error);
}

watchStandardStreams();
watchInternalErrors();
const words = process.argv.slice(2);
try {
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    // Scripts ask for the version before every use: it is printed without loading a parser.
    process.stdout.write(`${packageVersion()}\n`);
  } else {
    const { runCommandLine } = await import('./command-line.js');
    await runCommandLine(words, packageVersion());
  }
} catch (error) {
  await report(error);
}

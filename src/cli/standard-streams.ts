/** Handles errors of standard output and standard error. */
import { EXIT_CODES } from '../exit-codes.js';
import { complain } from './complain.js';

/** Exit statuses that a failed output replaces (verdict-exit.ts). */
const REPLACED_BY_FAILED_OUTPUT: readonly unknown[] = [EXIT_CODES.pass.code, EXIT_CODES.inconclusive.code];

/**
 * If the reader has gone (`| head`), the rest of the output is dropped without an error. Any other error, such as a full
 * disk behind `> file`, is printed and sets the exit status, unless that is a more serious one.
 */
export function watchStandardStreams(): void {
  // An error of standard error cannot be printed anywhere.
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
    complain(`standard output could not be written (${error.code}).`);
    // At exit, because the run's own status may be set before or after this.
    process.once('exit', (code) => {
      if (REPLACED_BY_FAILED_OUTPUT.includes(code)) process.exitCode = EXIT_CODES.outputFailed.code;
    });
  });
}

/** What happens when standard output or standard error cannot be written to. */

import { EXIT_CODES } from '../exit-codes.js';

/** An output that could not be written counts more than these (verdict-exit.ts). */
const OUTWEIGHED: readonly unknown[] = [EXIT_CODES.pass.code, EXIT_CODES.inconclusive.code];

/**
 * A reader that went away (`| head`) is no failure of ours: what is left is simply not shown. Anything else,
 * such as a full disk behind `> file`, is said, and becomes the exit status unless a graver one holds.
 */
export function watchStandardStreams(): void {
  // Nobody is left to tell when standard error itself fails.
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
    process.stderr.write(`weighbridge: standard output could not be written (${error.code}).\n`);
    // The run's own status may be set before or after this.
    process.once('exit', (code) => {
      if (OUTWEIGHED.includes(code)) process.exitCode = EXIT_CODES.outputFailed.code;
    });
  });
}

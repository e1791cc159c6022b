/** The one way to standard error, besides the progress line. */
import { printableLines } from '../text/printable.js';

/**
 * Prints a message. It may hold names of files, hosts and flags' values as they were given: whatever it holds, a terminal
 * obeys none of it. Lines end with newlines.
 */
export function complain(message: string): void {
  process.stderr.write(`weighbridge: ${printableLines(message)}\n`);
}

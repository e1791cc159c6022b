/** The one way to standard error, besides the progress of a run. */
import { printableLines } from '../text/printable.js';

/** Takes off the terminal what is drawn again and again. */
let clear = () => {};

/** From now on, this is called before each message, so that it is not mixed with what is drawn. */
export function clearBeforeMessages(own: () => void): void {
  clear = own;
}

/**
 * Prints a message. It may hold names of files, hosts and flags' values as they were given: whatever it holds, a terminal
 * obeys none of it. Lines end with newlines.
 */
export function complain(message: string): void {
  clear();
  process.stderr.write(`weighbridge: ${printableLines(message)}\n`);
}

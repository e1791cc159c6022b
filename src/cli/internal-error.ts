/** Errors in weighbridge itself: told in one line, with how to report them. */
import { inspect } from 'node:util';
import { asError, tooManyFiles } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { safeText } from '../text/printable.js';
import { complain } from './complain.js';

/** Set to 1, it adds the stack. */
const STACK_VARIABLE = 'WEIGHBRIDGE_STACK';

type Handler = (error: Error) => void;

/** Gets an error that nobody caught. */
let handler: Handler = endProcess;

/** From now on, an error that nobody caught ends the process in the way of {@link endProcess}. */
export function watchInternalErrors(): void {
  process.on('uncaughtException', (thrown) => handler(asError(thrown)));
}

/**
 * Gives errors that nobody caught to `own`, for example because results must be written first.
 *
 * @returns ends that
 */
export function catchInternalErrors(own: Handler): () => void {
  handler = own;
  return () => {
    handler = endProcess;
  };
}

/**
 * Tells the error, and exits with the status for internal errors: 1 would say that the verdict is fail. Too many open files
 * are no internal error.
 */
export function endProcess(error: unknown): never {
  const limit = tooManyFiles(error);
  if (limit !== null) {
    // Node opens files for each module that it loads, so this may come from anywhere.
    complain(`${limit}.`);
    process.exit(EXIT_CODES.usage.code);
  }
  tellInternalError(error);
  process.exit(EXIT_CODES.internalError.code);
}

/** @param effect what it means for the user; begins with a space */
export function tellInternalError(error: unknown, effect = ''): void {
  const stack = process.env[STACK_VARIABLE] === '1' ? `\n${inspect(error)}` : '';
  complain(
    `an error in weighbridge itself: ${wordsOf(error)}.${effect} Please report it with this line, the command line ` +
      `and the output of 'weighbridge --version' (${STACK_VARIABLE}=1 adds details).${stack}`,
  );
}

/** The message, and the place in the code if the error, or its cause, has one. */
function wordsOf(thrown: unknown): string {
  const error = asError(thrown);
  const { cause } = error;
  const place = /([^/\\(\s]+:\d+:\d+)\)?$/m.exec((cause instanceof Error ? cause : error).stack ?? '')?.[1];
  const message = safeText(error.message.replace(/[.\s]+$/u, ''));
  return place === undefined ? message : `${message} (at ${place})`;
}

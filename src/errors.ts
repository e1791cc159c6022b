import { inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
import { EXIT_CODES } from './exit-codes.js';

/** Exit codes that an error can ask for. */
export type ErrorExit = 'usage' | 'unreachable' | 'outputFailed';

/**
 * An error whose message is for the user: it says what is wrong, where, and what to do. The command line prints it without
 * a stack and exits with `exitCode`.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** As in src/exit-codes.ts: 2 wrong use or input, 4 gateway unreachable, 5 an output could not be written. */
  readonly exitCode: number;

  /**
   * @param message one or more lines, without a trailing newline
   * @param exit name of the exit code
   */
  constructor(
    message: string,
    readonly exit: ErrorExit = 'usage',
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.exitCode = EXIT_CODES[exit].code;
  }
}

/**
 * What an error message calls an option: `load.streams` in the library, `--streams` on the command line. Advice may ask
 * for the short form: `-c`, where the flag has one.
 */
export type OptionNamer = (option: string, form?: 'short') => string;

/**
 * An error about options of the library, such as `load.streams`. `message` has their library names;
 * `messageWith` makes the same message with other names, as the command line does with its flags.
 */
export class OptionError extends UserError {
  override readonly name = 'OptionError';
  /** The options that the message names, in its order. */
  readonly options: readonly string[];

  /**
   * @param messageWith makes the message; it calls the namer for each option that it names
   * @param exit name of the exit code
   */
  constructor(
    readonly messageWith: (name: OptionNamer) => string,
    exit: ErrorExit = 'usage',
    cause?: ErrorOptions,
  ) {
    const options: string[] = [];
    const message = messageWith((option) => {
      options.push(option);
      return option;
    });
    super(message, exit, cause);
    this.options = options;
  }
}

/** What was thrown, as an Error: JavaScript can throw anything, also null. */
export function asError(thrown: unknown): Error {
  // Those of other realms are not instances of our Error; those from worker threads may not be native ones.
  if (thrown instanceof Error || isNativeError(thrown)) return thrown;
  const error = new Error(typeof thrown === 'string' ? thrown : inspect(thrown));
  // Where it was thrown is not known; it was not here.
  error.stack = String(error);
  return error;
}

/** Two options that exclude each other. */
export function contradiction(first: string, second: string, why: string): OptionError {
  return new OptionError((name) => `${name(first)} and ${name(second)} contradict each other: ${why}.`);
}

/** What limits the number of open files, and what to do about it. */
const OPEN_FILES: Readonly<Record<string, string>> = {
  EMFILE: 'too many files are open in this process: raise the limit with ulimit -n',
  ENFILE: 'too many files are open on this machine: end other programs, or raise its limit',
};

/**
 * If an error came about because no more files can be opened, the code with the reason and what to do; otherwise null.
 * Connections and threads need open files too, so any operation may fail this way, and it says nothing about the
 * operation itself.
 */
export function tooManyFiles(error: unknown): string | null {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  const known = code === 'ERR_WORKER_INIT_FAILED' ? /E[MN]FILE/.exec(message)?.[0] : code;
  const reason = typeof known === 'string' ? OPEN_FILES[known] : undefined;
  return reason === undefined ? null : `${known}, ${reason}`;
}

/** Why an operation of the system failed, for brackets in a message: its code, with more words if these help. */
export function systemReason(error: unknown): string {
  return tooManyFiles(error) ?? (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}

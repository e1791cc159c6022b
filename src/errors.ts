/**
 * An error whose message is written for the person at the terminal: it says what was wrong, where, and
 * what to do. The command line prints it without a stack and ends with `exitCode`.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';

  /**
   * @param message one or more lines, without a trailing newline
   * @param exitCode 2 usage or bad input, 4 gateway unreachable, 5 an output could not be written
   */
  constructor(
    message: string,
    readonly exitCode: 2 | 4 | 5 = 2,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The exit codes of the command line. Help, docs and code use this table. */

interface ExitCode {
  readonly code: number;
  /** Completes "exit status N means …". */
  readonly meaning: string;
}

/** Every exit code by its name, in the order of the numbers. */
export const EXIT_CODES = {
  pass: { code: 0, meaning: 'pass or nothing to judge' },
  fail: { code: 1, meaning: 'fail' },
  usage: { code: 2, meaning: 'wrong use or input' },
  inconclusive: { code: 3, meaning: 'inconclusive' },
  unreachable: { code: 4, meaning: 'gateway unreachable' },
  outputFailed: { code: 5, meaning: 'an output could not be written' },
  internalError: { code: 70, meaning: 'an error in weighbridge itself' },
  interrupted: { code: 130, meaning: 'interrupted' },
  terminated: { code: 143, meaning: 'terminated' },
} as const satisfies Readonly<Record<string, ExitCode>>;

export type ExitName = keyof typeof EXIT_CODES;

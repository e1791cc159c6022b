/** Runs the built command line as a child process, as a user's shell does. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { complain } from '../../src/cli/complain.js';
import { namingFlags } from '../../src/cli/options/flag-names.js';
import { UserError } from '../../src/errors.js';
import { packageRoot, packageVersion } from '../../src/io/package-root.js';

export const BIN = join(packageRoot(), 'bin', 'weighbridge.js');

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Standard input; nothing by default. */
  readonly input?: string;
}

export interface CliEnd {
  /** The exit status; null when a signal ended the process. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams;
  /** What has come on standard output so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly end: Promise<CliEnd>;
}

/** Starts `weighbridge ARGS`; what still runs when the test ends is killed. */
export function startCli(t: TestContext, args: readonly string[], options: CliOptions = {}): RunningCli {
  // What the tests' own terminal says about colours and width is not part of the test.
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, COLUMNS: _columns, ...inherited } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env: { ...inherited, ...options.env },
  });
  t.after(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A child that ends without reading its input is no failure of the test.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const end = once(child, 'close').then(([status]) => ({ status, stdout, stderr }) as CliEnd);
  return { child, stdout: () => stdout, stderr: () => stderr, end };
}

/** Runs `weighbridge ARGS` to its end. */
export function weighbridge(
  t: TestContext,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliEnd> {
  return startCli(t, args, options).end;
}

/** JSON without the one line in which a saved run differs from the live one: the command. */
export const withoutCommand = (json: string) => json.replace(/^ {4}"command": .*\n/m, '');

/**
 * What a command line says that is refused, without a process for it: starting one costs more than all that it does. For command
 * lines that end before anything is sent or written, and with nothing on standard input.
 */
export async function refusal(t: TestContext, args: readonly string[]): Promise<CliEnd> {
  const error = await runCommandLine(args, packageVersion()).then(
    () => assert.fail(`not refused: ${args.join(' ')}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw error;
  let stderr = '';
  const write = t.mock.method(process.stderr, 'write', (text: string) => {
    stderr += text;
    return true;
  });
  complain(namingFlags(error, args[0]).message);
  write.mock.restore();
  return { status: error.exitCode, stdout: '', stderr };
}

/**
 * An error for people: on standard error only, beginning with the program's name, in a few lines, with
 * neither a stack nor the name of an exception.
 */
export function assertSaid(end: CliEnd, status: number, words: RegExp): void {
  assert.match(end.stderr, words);
  assert.equal(end.status, status, end.stderr);
  assert.equal(end.stdout, '');
  assert.match(end.stderr, /^weighbridge: \S/);
  assertNoStack(end.stderr);
  assert.ok(end.stderr.trimEnd().split('\n').length <= 4, end.stderr);
}

export function assertNoStack(text: string): void {
  assert.doesNotMatch(text, /^\s+at .*[:(]/m);
  assert.doesNotMatch(text, /\bY?Error:|node:internal|please report it|UnhandledPromise/);
}

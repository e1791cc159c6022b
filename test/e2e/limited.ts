/** Processes that may open few files. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface End {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs node with at most `limit` open files. */
export function limited(limit: number, ...args: readonly string[]): Promise<End> {
  const words = ['-c', 'ulimit -n "$1"; shift; exec "$@"', 'bash', String(limit), process.execPath, ...args];
  return run('bash', words, { maxBuffer: 64 * 1024 * 1024 }).then(
    (end) => ({ code: 0, ...end }),
    (error: End) => error,
  );
}

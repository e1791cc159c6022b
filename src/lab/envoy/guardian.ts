/** Runs a program that ends with this process, whichever way that ends: SIGKILL, which nothing can catch, included. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/**
 * The guardian, in sh: `$1` is the folder, the rest is the command. It reads a pipe whose other end only this process
 * has, so that the end of the file means that this process has ended.
 *
 * The first line starts the program. A background shell waits for the second line, which ends it, and for the end of
 * the file, which kills it. The guardian itself waits for the program, so that no other process can get its number, and
 * then removes the folder. It keeps no standard error: a shell would write there how the program ended.
 */
const GUARDIAN = `
folder=$1
shift
status=0
exec 3<&0
if read -r line <&3; then
  "$@" </dev/null >/dev/null 3<&- &
  program=$!
  exec 2>/dev/null
  { read -r line <&3 && kill -TERM "$program" && read -r line <&3; kill -KILL "$program"; } >/dev/null &
  watcher=$!
  exec 3<&-
  echo "$program" >"$folder/pid"
  wait "$program"
  status=$?
  kill -KILL "$watcher"
fi
rm -rf "$folder"
exit "$status"
`;

/** Statuses of a shell for a program that is not there, or is no program. */
const NOT_STARTED: readonly unknown[] = [126, 127];

/** Time for a graceful end. */
const GRACE_MS = 5000;

interface Guarded {
  /** What the program writes there. */
  readonly stderr: Readable;
  /** Starts the program; its process id is then written to the file `pid` in the folder. */
  start(): void;
  /** Resolves when the program has ended, or could not be started, and the folder is gone. Never rejects. */
  readonly ended: Promise<{ readonly started: boolean }>;
  /** Asks the program to end (SIGTERM), and kills it after 5 s. */
  stop(): Promise<void>;
}

/**
 * Starts the guardian of a program, which has a session of its own, so that Ctrl-C in a terminal does not reach it.
 *
 * @param folder to be made by the caller before `start`, and removed by the guardian: so the guardian is there before it
 * @param command the program and its arguments
 */
export function guard(folder: string, command: readonly string[]): Guarded {
  const child = spawn('/bin/sh', ['-c', GUARDIAN, 'weighbridge-guardian', folder, ...command], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  const { stdin, stderr } = child;
  // The guardian may have ended before a line is written.
  stdin.on('error', () => {});
  // If the guardian alone was killed, the end of the file ends the program.
  child.once('exit', () => stdin.destroy());
  const ended = new Promise<{ started: boolean }>((resolve) => {
    child.once('error', () => resolve({ started: false }));
    child.once('close', (status) => resolve({ started: !NOT_STARTED.includes(status) }));
  });
  let started = false;
  return {
    stderr,
    ended,
    start: () => {
      started = true;
      stdin.write('start\n');
    },
    stop: async () => {
      if (!started) stdin.destroy();
      else if (!stdin.destroyed) stdin.write('stop\n');
      const stubborn = setTimeout(() => stdin.destroy(), GRACE_MS);
      await ended;
      clearTimeout(stubborn);
    },
  };
}

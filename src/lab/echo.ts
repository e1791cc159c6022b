/** Starts the echo server of `weighbridge doctor`, on loopback. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A machine that needs longer to start a process can measure nothing. */
const START_MS = 10_000;

export interface Echo {
  /** `http://127.0.0.1:PORT/`; each answer has `x-version: echo`. */
  readonly url: string;
  /** Resolves when its process has ended. */
  readonly stop: () => Promise<void>;
}

/** @throws Error if its process does not start */
export async function startEcho(): Promise<Echo> {
  const child = fork(new URL('./echo-server.js', import.meta.url), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit');
  try {
    const [port] = await Promise.race([
      once(child, 'message', { signal: AbortSignal.timeout(START_MS) }),
      ended.then(() => {
        throw new Error('the echo server ended before it listened');
      }),
    ]);
    return {
      url: `http://127.0.0.1:${port}/`,
      stop: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/**
 * Works around a fault of node:http2 (Node 20 and 24) that a server can use to end the whole process. A stream that
 * ended inside a block of headers, as in a flood of CONTINUATION frames, holds memory that its session accounts for.
 * If the garbage collector takes the session before the stream, `~Http2Session` finds memory missing and aborts the
 * process. So the session is kept alive until the stream has been collected.
 */
import { executionAsyncResource } from 'node:async_hooks';

/** Holds the session of each registered stream until the stream has been collected; then nothing is left to do. */
const sessions = new FinalizationRegistry<object>(() => {});

/** Inside a callback of node:http2: its internal object for the session, which is the object that would abort. */
export function currentSessionHandle(): object {
  return executionAsyncResource();
}

/** Call it for each stream that was not read to its end. */
export function keepSessionUntilCollected(session: object, stream: object): void {
  sessions.register(stream, session);
}

/**
 * A fault of node:http2 (Node 20 and 24) that a server can use to end the whole process: a stream that ended in
 * the middle of a block of headers, as in a flood of CONTINUATION frames, holds memory that its session counts,
 * and when the garbage collector takes the session before the stream, `~Http2Session` aborts because not all
 * of it came back. So the session is kept until the stream is gone.
 */
import { executionAsyncResource } from 'node:async_hooks';

/** Holds the session of each stream until the stream has been collected; there is nothing to do then. */
const sessions = new FinalizationRegistry<object>(() => {});

/** node:http2's own object of the session that calls back now: it is the one that aborts. */
export function currentSessionHandle(): object {
  return executionAsyncResource();
}

/** To be called for each stream that was not read to its end. */
export function keepSessionUntilCollected(session: object, stream: object): void {
  sessions.register(stream, session);
}

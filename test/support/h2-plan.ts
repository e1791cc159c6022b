/** What plans over HTTP/2 have in common, and what is asked of their samples. */
import assert from 'node:assert/strict';
import type { EngineRun } from './engine.js';

export const flags = { http2: true };

/** Twelve requests on three connections with two streams each. */
export const small = { flags, load: { requests: 12, connections: 3, streams: 2, timeoutMs: 20_000 } };

/** Every request was sent, or none. */
export function assertSent({ samples }: EngineRun, sent: boolean): void {
  assert.ok(samples.every(({ sendUs }) => Number.isNaN(sendUs) !== sent));
}

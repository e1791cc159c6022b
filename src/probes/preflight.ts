/**
 * Single requests sent before the load: whether the gateway answers at all, and what its answers look like.
 * They go the same way as the load (same address, server name, headers), on a connection of their own.
 */
import { Client } from 'undici';
import type { Plan } from '../plan/plan.js';
import { addressOf, makeConnector } from './connector.js';
import { classifyFailure, rootCause } from './failure.js';
import { classifyReply } from './origin.js';
import { type OutcomeName, outcomeOf } from './outcome.js';
import { headerValue } from './raw-headers.js';
import { ORIGIN } from './sample-block.js';

export interface PreflightReply {
  readonly kind: 'reply';
  readonly status: number;
  /** Flat list: name, value, name, value, … */
  readonly headers: readonly Buffer[];
  /** At most the plan's bodyLimitBytes. */
  readonly body: Buffer;
  readonly outcome: OutcomeName;
  readonly fromGateway: boolean;
  /** It carries `x-envoy-upstream-service-time`. */
  readonly upstreamTimeStamped: boolean;
  readonly address: string;
}

export interface PreflightFailure {
  readonly kind: 'failure';
  readonly outcome: OutcomeName;
  /** The connection stood when it failed. */
  readonly connected: boolean;
  readonly error: Error & { code?: string };
}

/** Sends one request and waits for the whole answer, at most the plan's time-out. Never rejects. */
export async function sendOne(plan: Plan): Promise<PreflightReply | PreflightFailure> {
  const { target, load, identify } = plan;
  const connector = makeConnector(target);
  let address = '';
  let opening: { destroy(error: Error): unknown } | null = null;
  const client = new Client('http://localhost', {
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => {
      opening = connector((...result) => {
        if (result[0] === null) address = addressOf(result[1], target);
        callback(...result);
      });
    },
  });
  const abort = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    opening?.destroy(new Error('no connection in time'));
    abort.abort();
  }, load.timeoutMs);
  let headSeen = false;
  try {
    const response = await client.request({
      path: target.path,
      method: target.method as 'GET',
      headers: ['host', target.host, ...target.headers.flat()],
      body: target.body === null ? null : Buffer.from(target.body),
      signal: abort.signal,
      responseHeaders: 'raw',
    });
    headSeen = true;
    const chunks: Buffer[] = [];
    let room = identify.bodyLimitBytes;
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      if (room > 0) chunks.push(chunk.subarray(0, room));
      room -= chunk.length;
      // An endless body is no reason to wait: what identifies it came first.
      if (room < -16 * 1024 * 1024) break;
    }
    const headers = (response.headers as unknown as (Buffer | string)[]).map((part) =>
      Buffer.from(part as string, 'latin1'),
    );
    const body = Buffer.concat(chunks);
    const stamped = headerValue(headers, 'x-envoy-upstream-service-time') !== null;
    const { outcome, origin } = classifyReply(response.statusCode, headers, body, false);
    return {
      kind: 'reply',
      status: response.statusCode,
      headers,
      body,
      outcome: outcomeOf(outcome).name,
      fromGateway: origin === ORIGIN.gateway,
      upstreamTimeStamped: stamped,
      address,
    };
  } catch (error) {
    const connected = address !== '';
    const outcome = timedOut
      ? connected
        ? 'timeout'
        : 'connect-timeout'
      : classifyFailure(error, { tls: target.scheme === 'https', sent: connected, headSeen });
    return { kind: 'failure', outcome, connected, error: rootCause(error) };
  } finally {
    clearTimeout(timer);
    client.destroy().catch(() => {});
  }
}

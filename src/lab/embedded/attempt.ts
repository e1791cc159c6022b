/** One request from the gateway to one pod. */
import {
  type Agent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as sendRequest,
} from 'node:http';
import type { LabPod } from '../mesh/topology.js';
import type { Cancellation } from './cancellation.js';
import type { ResetReason } from './gateway-replies.js';

export interface AttemptOptions {
  readonly pod: LabPod;
  readonly agent: Agent;
  readonly method: string;
  readonly target: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | null;
  /** Null: no bound. */
  readonly timeoutMs: number | null;
  /** Ends the attempt from outside: the client went away, or the whole request took too long. */
  readonly cancellation: Cancellation;
}

export type AttemptEnd =
  /** The head of a response; its body is still to come. */
  | { readonly kind: 'response'; readonly response: IncomingMessage; readonly serviceMs: number }
  | { readonly kind: 'reset'; readonly reason: ResetReason }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

/** Sends the request and waits for the head of the response. Never rejects. */
export function attempt(options: AttemptOptions): Promise<AttemptEnd> {
  const { pod, agent, method, target, headers, body, timeoutMs, cancellation } = options;
  return new Promise((resolve) => {
    const startMs = performance.now();
    const request = sendRequest({
      host: pod.address,
      port: pod.port,
      agent,
      method,
      path: target,
      headers,
      setHost: false,
    });
    const timer = timeoutMs === null ? null : setTimeout(() => finish({ kind: 'timeout' }), timeoutMs);
    let over = false;
    let stopListening = () => {};
    const finish = (end: AttemptEnd) => {
      if (over) return;
      over = true;
      if (timer !== null) clearTimeout(timer);
      stopListening();
      if (end.kind !== 'response') request.destroy();
      resolve(end);
    };
    stopListening = cancellation.onCancel(() => finish({ kind: 'aborted' }));
    request.on('response', (response) => {
      finish({ kind: 'response', response, serviceMs: performance.now() - startMs });
    });
    // Stays on after the end: destroying a request makes it emit an error.
    request.on('error', (error: NodeJS.ErrnoException) => finish({ kind: 'reset', reason: reasonOf(error) }));
    request.end(body ?? undefined);
  });
}

function reasonOf(error: NodeJS.ErrnoException): ResetReason {
  if (error.syscall === 'connect') return 'remote connection failure';
  return error.code?.startsWith('HPE_') ? 'protocol error' : 'connection termination';
}

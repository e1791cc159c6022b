/** One request after its backend was drawn: circuit breaker, attempts, response. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { RouteTiming } from '../mesh/route-timing.js';
import type { LabPod } from '../mesh/topology.js';
import { type AttemptEnd, attempt } from './attempt.js';
import { Cancellation } from './cancellation.js';
import type { Cluster } from './cluster.js';
import {
  type GatewayReply,
  NO_HEALTHY_UPSTREAM,
  sendGatewayReply,
  UPSTREAM_TIMEOUT,
  upstreamReset,
} from './gateway-replies.js';
import { endToEndHeaders, type HeaderMap, toNodeHeaders } from './headers.js';
import { isRetriable } from './retry-condition.js';

/** Envoy's waits before retries grow to this multiple of the first one. */
const MAX_BACKOFF_FACTOR = 10;

/** What is known of a request once its backend was drawn. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: string;
  readonly cluster: Cluster;
  readonly timing: RouteTiming;
  readonly headers: HeaderMap;
  readonly body: Buffer | null;
  readonly hashKey: string | null;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly reached: Reached;
  readonly modifyResponse: (headers: HeaderMap) => void;
}

/** The pod that the last attempt had a connection to: Envoy names it in its own replies too, when it broke or was late. */
export interface Reached {
  pod: LabPod | null;
}

/** Sends the request to a pod of the cluster, again where the rule says so, and answers the client. */
export async function runExchange(exchange: Exchange): Promise<void> {
  const { response, cluster, timing, modifyResponse } = exchange;
  const cancellation = new Cancellation();
  let late = false;
  const onTimeout = () => {
    late = true;
    cancellation.cancel();
  };
  const timer = timing.timeoutMs === null ? null : setTimeout(onTimeout, timing.timeoutMs);
  const onClose = () => cancellation.cancel();
  response.on('close', onClose);
  try {
    const ended = await inBreaker(cluster, cancellation, () => attempts(exchange, cancellation, () => late));
    const reply = ended === 'overflow' ? upstreamReset('overflow', false) : ended;
    if (reply === 'gave-up' && late) sendGatewayReply(response, UPSTREAM_TIMEOUT, modifyResponse);
    else if (typeof reply === 'object' && reply !== null) sendGatewayReply(response, reply, modifyResponse);
  } finally {
    if (timer !== null) clearTimeout(timer);
    response.off('close', onClose);
  }
}

/** Runs `work` once the circuit breaker lets it. */
export async function inBreaker<T>(
  cluster: Cluster,
  cancellation: Cancellation,
  work: () => Promise<T>,
): Promise<T | 'overflow' | 'gave-up'> {
  const entered = await new Promise<'granted' | 'overflow' | 'gave-up'>((resolve) => {
    const giveUp = cluster.breaker.enter(() => resolve('granted'));
    if (giveUp === null) return resolve('overflow');
    cancellation.onCancel(() => {
      giveUp();
      resolve('gave-up');
    });
  });
  if (entered !== 'granted') return entered;
  try {
    return await work();
  } finally {
    cluster.breaker.release();
  }
}

/** @returns the gateway's own reply, null when a backend's response was passed on, or `gave-up` */
async function attempts(
  exchange: Exchange,
  cancellation: Cancellation,
  late: () => boolean,
): Promise<GatewayReply | null | 'gave-up'> {
  const {
    cluster,
    timing: { retry },
  } = exchange;
  const tried = new Set<string>();
  for (let number = 1; ; number++) {
    const pod = cluster.pick(tried, exchange.hashKey);
    exchange.reached.pod = pod;
    let backoffMs = 0;
    if (pod === null) return NO_HEALTHY_UPSTREAM;
    cluster.begin(pod);
    try {
      const end = await send(exchange, cancellation, pod, number);
      if (end.kind === 'reset' && end.reason === 'remote connection failure') exchange.reached.pod = null;
      recordEnd(cluster, pod, end, late());
      if (end.kind === 'aborted') return 'gave-up';
      if (retry !== null && number <= retry.attempts && isRetriable(end, retry)) {
        if (end.kind === 'response') end.response.resume();
        tried.add(pod.name);
        backoffMs = retry.backoffMs * Math.min(2 ** number - 1, MAX_BACKOFF_FACTOR);
      } else if (end.kind === 'response') {
        await passOn(exchange, end);
        return null;
      } else {
        return end.kind === 'timeout' ? UPSTREAM_TIMEOUT : upstreamReset(end.reason, number > 1);
      }
    } finally {
      cluster.end(pod);
    }
    await delay(exchange.random() * backoffMs);
    if (cancellation.cancelled) return 'gave-up';
  }
}

function send(
  exchange: Exchange,
  cancellation: Cancellation,
  pod: LabPod,
  number: number,
): Promise<AttemptEnd> {
  const { cluster, request, target, headers, body, timing } = exchange;
  return attempt({
    pod,
    agent: cluster.agent,
    method: request.method ?? 'GET',
    target,
    headers: { ...toNodeHeaders(headers), 'x-envoy-attempt-count': String(number) },
    body,
    timeoutMs: timing.retry?.perTryTimeoutMs ?? null,
    cancellation,
  });
}

/** Tells outlier detection how an attempt ended. */
export function recordEnd(cluster: Cluster, pod: LabPod, end: AttemptEnd, late: boolean): void {
  if (end.kind === 'response') cluster.record(pod, end.response.statusCode ?? 0);
  else if (end.kind === 'reset') cluster.record(pod, 'connect-failure');
  else if (end.kind === 'timeout' || late) cluster.record(pod, 'timeout');
}

/** Passes a backend's response on; a body that breaks off breaks the client's connection as well. */
async function passOn(exchange: Exchange, end: AttemptEnd & { kind: 'response' }): Promise<void> {
  const { response: to, modifyResponse } = exchange;
  const from = end.response;
  if (to.destroyed) {
    from.destroy();
    return;
  }
  const headers = endToEndHeaders(from.rawHeaders);
  headers.set('server', ['istio-envoy']);
  headers.set('x-envoy-upstream-service-time', [String(Math.floor(end.serviceMs))]);
  modifyResponse(headers);
  to.writeHead(from.statusCode ?? 502, toNodeHeaders(headers));
  await new Promise<void>((resolve) => {
    from.on('error', () => {});
    from.on('close', () => {
      if (!from.complete) to.destroy();
      resolve();
    });
    to.on('close', () => from.destroy());
    from.pipe(to);
  });
}

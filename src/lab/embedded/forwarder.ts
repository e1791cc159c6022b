/** The embedded gateway's way of a request: rule, backend, pod, attempts, response. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ENDPOINT_HEADER } from '../../plan/labels/instrument-headers.js';
import type { Backend, RouteRule } from '../../plan/manifests/model.js';
import type { HashOn } from '../../plan/policy/load-balancer.js';
import type { Entry } from '../../plan/routes/precedence.js';
import { splitQuery } from '../../plan/routes/request-match.js';
import { type RouteTiming, routeTiming } from '../mesh/route-timing.js';
import type { LabPod } from '../mesh/topology.js';
import { type AttemptEnd, attempt } from './attempt.js';
import { Cancellation } from './cancellation.js';
import type { Cluster } from './cluster.js';
import { endToEndHeaders, type HeaderMap, modifyHeaders, toNodeHeaders } from './headers.js';
import {
  ALL_WEIGHTS_ZERO,
  BODY_TOO_LARGE,
  FAULT_ABORT,
  missingCluster,
  NO_HEALTHY_UPSTREAM,
  NOT_FOUND,
  type OwnReply,
  sendOwnReply,
  UPGRADE_REQUIRED,
  UPSTREAM_TIMEOUT,
  upstreamReset,
} from './own-replies.js';
import type { RouteTable, Weights } from './route-table.js';

export interface ForwarderOptions {
  /** The cluster that a route's backend leads to; null when it does not exist. */
  readonly clusterOf: (backend: Backend, entry: Entry) => Cluster | null;
  readonly weights: Weights;
  readonly defaultRetries: boolean;
  /** Responses tell the pod that the request reached in x-weighbridge-endpoint. */
  readonly tellsEndpoint: boolean;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A request's body is kept for retries; a rehearsal needs no larger ones. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Envoy waits up to this before the first retry, up to three times as long before the second. */
const RETRY_BASE_MS = 25;

/** What is known of a request once its backend was drawn. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: string;
  readonly cluster: Cluster;
  readonly timing: RouteTiming;
  readonly headers: HeaderMap;
  readonly body: Buffer | null;
  readonly hashKey: string | null;
  readonly cancellation: Cancellation;
  readonly reached: Reached;
  readonly modifyResponse: (headers: HeaderMap) => void;
}

/** The pod that the last attempt had a connection to: Envoy names it in its own replies too, when it broke or was late. */
interface Reached {
  pod: LabPod | null;
}

export class Forwarder {
  private readonly timings = new Map<RouteRule, RouteTiming>();

  constructor(private readonly options: ForwarderOptions) {}

  /** Answers one request that came in at the listener with these routes. */
  handle(
    table: RouteTable,
    scheme: 'http' | 'https',
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    this.answer(table, scheme, request, response).catch(() => response.destroy());
  }

  private async answer(
    table: RouteTable,
    scheme: 'http' | 'https',
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (request.httpVersion === '1.0') return sendOwnReply(response, UPGRADE_REQUIRED);
    const target = normalizeTarget(request.url ?? '/');
    const method = request.method ?? 'GET';
    const host = request.headers.host ?? '';
    const entry = table.find({ host, target, method, rawHeaders: request.rawHeaders });
    if (entry === null) return sendOwnReply(response, NOT_FOUND);
    const { rule } = entry;
    const byRule = (headers: HeaderMap) => modifyHeaders(headers, [rule.responseHeaders]);
    const injected = await this.injectFault(rule);
    if (injected !== null) return sendOwnReply(response, injected, byRule);
    if (rule.answersItself !== null) {
      const body = `${rule.answersItself} is not reproduced by the lab\n`;
      return sendOwnReply(response, { status: 501, body }, byRule);
    }
    const { weights, random } = this.options;
    const backend = weights.draw(rule, random);
    if (backend === null) return sendOwnReply(response, ALL_WEIGHTS_ZERO, byRule);
    const reached: Reached = { pod: null };
    const modifyResponse = (headers: HeaderMap) => {
      modifyHeaders(headers, levels(rule, backend.responseHeaders, rule.responseHeaders));
      // Headers of the whole route configuration come last.
      const { pod } = reached;
      if (pod !== null && this.options.tellsEndpoint)
        headers.set(ENDPOINT_HEADER, [`${pod.address}:${pod.port}`]);
    };
    const cluster = this.options.clusterOf(backend, entry);
    if (cluster === null) {
      return sendOwnReply(response, missingCluster(entry.route.dialect.missingBackendStatus), modifyResponse);
    }
    const body = await readBody(request);
    if (body === 'too-large') return sendOwnReply(response, BODY_TOO_LARGE, modifyResponse);
    const headers = requestHeaders(request, scheme);
    modifyHeaders(headers, levels(rule, backend.requestHeaders, rule.requestHeaders));
    const hashKey = hashKeyOf(cluster, request, target);
    const timing = this.timingOf(rule);
    await this.exchange({
      request,
      response,
      target,
      cluster,
      timing,
      headers,
      body,
      hashKey,
      reached,
      modifyResponse,
    });
  }

  private timingOf(rule: RouteRule): RouteTiming {
    const timing = this.timings.get(rule) ?? routeTiming(rule, this.options.defaultRetries);
    this.timings.set(rule, timing);
    return timing;
  }

  private async injectFault({ fault }: RouteRule): Promise<OwnReply | null> {
    const { random } = this.options;
    if (fault?.delay && random() * 100 < fault.delay.percent) await delay(fault.delay.fixedDelayMs);
    if (fault?.abort && random() * 100 < fault.abort.percent) {
      return { status: fault.abort.httpStatus, body: FAULT_ABORT };
    }
    return null;
  }

  private async exchange(given: Omit<Exchange, 'cancellation'>): Promise<void> {
    const { response, cluster, timing, modifyResponse } = given;
    const cancellation = new Cancellation();
    const exchange = { ...given, cancellation };
    let late = false;
    const onTimeout = () => {
      late = true;
      cancellation.cancel();
    };
    const timer = timing.timeoutMs === null ? null : setTimeout(onTimeout, timing.timeoutMs);
    const onClose = () => cancellation.cancel();
    response.on('close', onClose);
    try {
      const ended = await this.inBreaker(cluster, cancellation, () => this.attempts(exchange, () => late));
      const reply = ended === 'overflow' ? upstreamReset('overflow', false) : ended;
      if (reply === 'gave-up' && late) sendOwnReply(response, UPSTREAM_TIMEOUT, modifyResponse);
      else if (typeof reply === 'object' && reply !== null) sendOwnReply(response, reply, modifyResponse);
    } finally {
      if (timer !== null) clearTimeout(timer);
      response.off('close', onClose);
    }
  }

  /** Runs `work` once the circuit breaker lets it. */
  private async inBreaker<T>(
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
  private async attempts(exchange: Exchange, late: () => boolean): Promise<OwnReply | null | 'gave-up'> {
    const { cluster, timing, cancellation } = exchange;
    const tried = new Set<string>();
    for (let number = 1; ; number++) {
      const pod = cluster.pick(tried, exchange.hashKey);
      exchange.reached.pod = pod;
      if (pod === null) return NO_HEALTHY_UPSTREAM;
      cluster.begin(pod);
      try {
        const end = await this.send(exchange, pod, number);
        if (end.kind === 'reset' && end.reason === 'remote connection failure') exchange.reached.pod = null;
        this.recordEnd(cluster, pod, end, late());
        if (end.kind === 'aborted') return 'gave-up';
        if (number <= timing.retries && timing.retryOn(end)) {
          if (end.kind === 'response') end.response.resume();
          tried.add(pod.name);
        } else if (end.kind === 'response') {
          await passOn(exchange, end);
          return null;
        } else {
          return end.kind === 'timeout' ? UPSTREAM_TIMEOUT : upstreamReset(end.reason, number > 1);
        }
      } finally {
        cluster.end(pod);
      }
      await delay(this.options.random() * RETRY_BASE_MS * (2 ** number - 1));
      if (cancellation.cancelled) return 'gave-up';
    }
  }

  private send(exchange: Exchange, pod: LabPod, number: number): Promise<AttemptEnd> {
    const { cluster, request, target, headers, body, timing, cancellation } = exchange;
    return attempt({
      pod,
      agent: cluster.agent,
      method: request.method ?? 'GET',
      target,
      headers: { ...toNodeHeaders(headers), 'x-envoy-attempt-count': String(number) },
      body,
      timeoutMs: timing.perTryTimeoutMs,
      cancellation,
    });
  }

  private recordEnd(cluster: Cluster, pod: LabPod, end: AttemptEnd, late: boolean): void {
    if (end.kind === 'response') cluster.record(pod, end.response.statusCode ?? 0);
    else if (end.kind === 'reset') cluster.record(pod, 'connect-failure');
    else if (end.kind === 'timeout' || late) cluster.record(pod, 'timeout');
  }
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

/** With one backend istiod writes both modifiers on the route, else the backend's come before the rule's. */
function levels<T>(rule: RouteRule, ofBackend: T, ofRule: T): readonly [T, T] {
  return rule.backends.length === 1 ? [ofRule, ofBackend] : [ofBackend, ofRule];
}

function requestHeaders(request: IncomingMessage, scheme: 'http' | 'https'): HeaderMap {
  const headers = endToEndHeaders(request.rawHeaders);
  for (const name of headers.keys()) if (name.startsWith('x-envoy-')) headers.delete(name);
  const client = request.socket.remoteAddress ?? '';
  headers.set('x-forwarded-for', [[...(headers.get('x-forwarded-for') ?? []), client].join(',')]);
  headers.set('x-forwarded-proto', [scheme]);
  headers.set('x-request-id', [randomUUID()]);
  return headers;
}

/** Takes `.` and `..` out of the path, as Envoy's normalize_path does. */
function normalizeTarget(target: string): string {
  const [path] = splitQuery(target);
  if (!path.startsWith('/')) return target;
  return path.includes('/.') ? new URL(`http://lab${path}`).pathname + target.slice(path.length) : target;
}

async function readBody(request: IncomingMessage): Promise<Buffer | null | 'too-large'> {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return null;
  const parts: Buffer[] = [];
  let size = 0;
  // The connection stays open for the answer when reading stops early.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += (part as Buffer).length;
    if (size > MAX_BODY_BYTES) return 'too-large';
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

function hashKeyOf(cluster: Cluster, request: IncomingMessage, target: string): string | null {
  const { loadBalancer } = cluster.policy;
  if (!('hashOn' in loadBalancer) || loadBalancer.hashOn === null) return null;
  return hashed(loadBalancer.hashOn, request, target);
}

function hashed(on: HashOn, request: IncomingMessage, target: string): string | null {
  if ('header' in on) return request.headers[on.header.toLowerCase()]?.toString() ?? null;
  if ('queryParameter' in on) return new URLSearchParams(splitQuery(target)[1]).get(on.queryParameter);
  if ('sourceIp' in on) return request.socket.remoteAddress ?? null;
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const prefix = `${on.cookie.name}=`;
  return cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length) ?? null;
}

/** What the embedded gateway does with a request: finds its rule, injects faults, draws a backend. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ENDPOINT_HEADER } from '../../plan/labels/instrument-headers.js';
import type { Backend, ManifestSet, RouteRule } from '../../plan/manifests/model.js';
import { statusWithoutBackend } from '../../plan/routes/no-backends.js';
import type { Entry } from '../../plan/routes/precedence.js';
import { headerLevels } from '../mesh/header-levels.js';
import { inPlaceOfReply } from '../mesh/left-out-notes.js';
import { copiedTo } from '../mesh/mirrors.js';
import { type RouteTiming, routeTiming } from '../mesh/route-timing.js';
import type { Cluster } from './cluster.js';
import { type Reached, runExchange } from './exchange.js';
import {
  BODY_TOO_LARGE,
  emptyReply,
  FAULT_ABORT,
  type GatewayReply,
  httpsRedirect,
  NOT_FOUND,
  ownReply,
  sendGatewayReply,
  UPGRADE_REQUIRED,
} from './gateway-replies.js';
import { hashKeyOf } from './hash-key.js';
import { type HeaderMap, modifyHeaders } from './headers.js';
import { sendCopy } from './mirror.js';
import type { RouteTable } from './route-table.js';
import { normalizeTarget, readBody, requestHeaders } from './upstream-request.js';
import type { Weights } from './weights.js';

export interface ForwarderOptions {
  /** The cluster that a route's backend leads to; null when it does not exist. */
  readonly clusterOf: (backend: Backend, entry: Entry) => Cluster | null;
  readonly manifests: ManifestSet;
  readonly weights: Weights;
  readonly defaultRetries: boolean;
  /** Port of the Gateway's listener. */
  readonly gatewayPort: number;
  /** Responses get the address of the pod that the request reached, as x-weighbridge-endpoint. */
  readonly addsEndpoint: boolean;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Answers the requests of one port. */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #timings = new Map<RouteRule, RouteTiming>();

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  /** Answers one request that came in at the listener with these routes. */
  handle(
    table: RouteTable,
    scheme: 'http' | 'https',
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    this.#answer(table, scheme, request, response).catch(() => response.destroy());
  }

  async #answer(
    table: RouteTable,
    scheme: 'http' | 'https',
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (request.httpVersion === '1.0') return sendGatewayReply(response, UPGRADE_REQUIRED);
    const target = normalizeTarget(request.url ?? '/');
    const method = request.method ?? 'GET';
    const host = request.headers.host ?? '';
    if (table.redirects(host)) return sendGatewayReply(response, httpsRedirect(host, target));
    const entry = table.find({ host, scheme, target, method, rawHeaders: request.rawHeaders });
    if (entry === null) return sendGatewayReply(response, NOT_FOUND);
    const { rule } = entry;
    const byRule = (headers: HeaderMap) => modifyHeaders(headers, [rule.responseHeaders]);
    const injected = await this.#injectFault(rule);
    if (injected !== null) return sendGatewayReply(response, injected, byRule);
    if (rule.reply) {
      const { gatewayPort } = this.#options;
      const arrival = { scheme, gatewayPort, host, target, match: entry.match };
      return sendGatewayReply(response, ownReply(rule.reply, arrival), byRule);
    }
    if (rule.answersItself !== null) {
      const body = `${inPlaceOfReply(rule)}\n`;
      return sendGatewayReply(response, { status: 501, body }, byRule);
    }
    const { manifests, weights, random } = this.#options;
    const backend = weights.draw(rule, random);
    if (backend === null) {
      const status = statusWithoutBackend(manifests, entry.route, rule);
      return sendGatewayReply(response, emptyReply(status), byRule);
    }
    const single = weights.countAboveZero(rule) === 1;
    const modify = (headers: HeaderMap, side: 'requestHeaders' | 'responseHeaders') => {
      const levels = headerLevels(rule, backend, side, single);
      modifyHeaders(headers, [...levels.backend, ...levels.route]);
    };
    const reached: Reached = { pod: null };
    const modifyResponse = (headers: HeaderMap) => {
      modify(headers, 'responseHeaders');
      // Headers of the whole route configuration come last.
      const { pod } = reached;
      if (pod !== null && this.#options.addsEndpoint)
        headers.set(ENDPOINT_HEADER, [`${pod.address}:${pod.port}`]);
    };
    const cluster = this.#options.clusterOf(backend, entry);
    if (cluster === null) {
      return sendGatewayReply(response, emptyReply(entry.route.dialect.missingBackendStatus), modifyResponse);
    }
    const body = await readBody(request);
    if (body === 'too-large') return sendGatewayReply(response, BODY_TOO_LARGE, modifyResponse);
    const headers = requestHeaders(request, scheme);
    modify(headers, 'requestHeaders');
    const hashKey = hashKeyOf(cluster, request, target);
    const timing = this.#timingOf(rule);
    for (const mirror of copiedTo(rule)) {
      if (random() * 100 >= mirror.percent) continue;
      const copy = this.#options.clusterOf(mirror, entry);
      if (copy === null) continue;
      const copied = { cluster: copy, method, target, headers: new Map(headers), body };
      void sendCopy({ ...copied, timeoutMs: timing.timeoutMs }).catch(() => {});
    }
    await runExchange({
      request,
      response,
      target,
      cluster,
      timing,
      headers,
      body,
      hashKey,
      random,
      reached,
      modifyResponse,
    });
  }

  #timingOf(rule: RouteRule): RouteTiming {
    const { defaultRetries, manifests } = this.#options;
    const timing = this.#timings.get(rule) ?? routeTiming(rule, defaultRetries, manifests.istio);
    this.#timings.set(rule, timing);
    return timing;
  }

  async #injectFault({ fault }: RouteRule): Promise<GatewayReply | null> {
    const { random } = this.#options;
    if (fault?.delay && random() * 100 < fault.delay.percent) await delay(fault.delay.fixedDelayMs);
    if (fault?.abort && random() * 100 < fault.abort.percent) {
      return { status: fault.abort.httpStatus, body: FAULT_ABORT };
    }
    return null;
  }
}

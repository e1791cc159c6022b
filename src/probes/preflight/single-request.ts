/**
 * Single requests sent before the load: whether the gateway answers at all, and what its answers look like.
 * They go the same way as the load (same address, server name, headers), on a connection of their own.
 */

import { MAX_TIMER_MS } from '../../blocks/clock.js';
import { type OutcomeName, outcomeOf } from '../../blocks/outcome.js';
import { ORIGIN, PHASE } from '../../blocks/sample-block.js';
import type { Plan } from '../../plan/plan.js';
import { laneFactory } from '../drivers.js';
import type { LaneOwner } from '../lane/lane.js';
import { classifyFailure, rootCause } from '../response/failure.js';
import { classifyReply, keptBodyBytes } from '../response/origin.js';
import { hasHeader, headerValue } from '../response/raw-headers.js';

export interface PreflightReply {
  readonly kind: 'reply';
  readonly status: number;
  /** Flat list: name, value, name, value, … */
  readonly headers: readonly Buffer[];
  /** At most the plan's bodyLimitBytes. */
  readonly body: Buffer;
  /** There was more of it, or its end did not come in time. */
  readonly cut: boolean;
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

/** What a response says, where nothing is known of the gateway yet. */
export function readReply(
  seen: Pick<PreflightReply, 'status' | 'headers' | 'body' | 'cut' | 'address'>,
): PreflightReply {
  const { status, headers, body } = seen;
  const { outcome, origin } = classifyReply(status, headers, body, false);
  return {
    kind: 'reply',
    ...seen,
    outcome: outcomeOf(outcome).name,
    fromGateway: origin === ORIGIN.gateway,
    upstreamTimeStamped: hasHeader(headers, 'x-envoy-upstream-service-time'),
  };
}

function isEventStream(headers: readonly Buffer[]): boolean {
  return /^text\/event-stream\b/i.test(headerValue(headers, 'content-type') ?? '');
}

/**
 * Sends one request, to the plan's first address, and waits for the whole answer, at most the plan's time-out and until the signal: then it
 * failed as `cut-off`. Never rejects.
 */
export function sendSingleRequest(
  plan: Plan,
  signal?: AbortSignal,
): Promise<PreflightReply | PreflightFailure> {
  const { target, load, identify } = plan;
  let address = '';
  return new Promise((resolve) => {
    const owner: LaneOwner = {
      now: () => performance.now() * 1000,
      wantsBody: () => true,
      bodyLimitBytes: keptBodyBytes(identify.bodyLimitBytes),
      firstByteAtBody: false,
      becameReady() {},
      streamLimitReceived() {},
      connecting: () => 0,
      opened(opened) {
        address = opened;
        return 0;
      },
      nextConnectionSerial: () => 1,
      finished(lane, error) {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cutOff);
        const { status, headers, giveUpReason } = lane;
        const headSeen = status !== 0;
        // An answer without an end has told what identifies it all the same: that came first.
        const least = isEventStream(headers) ? 0 : identify.bodyLimitBytes;
        const enough = headSeen && giveUpReason === 'timeout' && lane.bodyBytes > least;
        if (error === null || enough) {
          const body = lane.body();
          const cut = error !== null || lane.bodyBytes > body.length;
          resolve(readReply({ status, headers, body, cut, address }));
        } else {
          const connected = address !== '';
          const outcome =
            giveUpReason ??
            classifyFailure(error, { tls: target.scheme === 'https', sent: connected, headSeen });
          resolve({ kind: 'failure', outcome, connected, error: rootCause(error) });
        }
        lane.close();
      },
    };
    const lane = laneFactory({ ...plan, load: { ...load, requestsPerConnection: 1 } }, owner, {
      firstConnection: 0,
      connections: 1,
    })();
    const timer = setTimeout(
      () => {
        lane.giveUp(address === '' ? 'connect-timeout' : 'timeout');
      },
      Math.min(load.timeoutMs, MAX_TIMER_MS),
    );
    const cutOff = () => lane.giveUp('cut-off');
    signal?.addEventListener('abort', cutOff);
    lane.start(owner.now(), PHASE.preflight, 0);
    if (signal?.aborted === true) cutOff();
  });
}

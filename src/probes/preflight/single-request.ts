/**
 * Single requests that are sent before the load, or by `weighbridge identify`. They are sent like those of the load
 * (same driver, address, server name, headers), each on a connection of its own.
 */
import { timerMs } from '../../blocks/clock.js';
import { PHASE } from '../../blocks/sample-block.js';
import type { Plan } from '../../plan/plan.js';
import { laneFactory, loadDriver } from '../drivers.js';
import type { Lane, LaneOwner } from '../lane/lane.js';
import { classifyFailure, rootCause } from '../response/failure.js';
import { keptBodyBytes } from '../response/origin.js';
import { isEventStream } from '../response/raw-headers.js';
import { type PreflightFailure, type PreflightReply, readReply } from './reply.js';

/** Single requests that are in flight at once when several are sent. */
export const PARALLEL_REQUESTS = 4;

/** Any number but 0: with another seed than the load's, no UUID is one of the load's. */
const OTHER_SEED = 0x70726566;

/** Single requests that this process has sent: each has its own values. */
let sent = 0;

function nextSequence(): number {
  sent += 1;
  return sent - 1;
}

/**
 * Sends one request to the plan's first address and waits for the whole response, at most for the plan's time-out. Values in
 * it are like those of the load's first requests, but it has another UUID than any of them.
 *
 * @param signal gives the request up: it then failed with the outcome `cut-off`
 * @returns whatever goes wrong is a PreflightFailure; rejects only if code of ours cannot be loaded
 */
export async function sendSingleRequest(
  plan: Plan,
  signal?: AbortSignal,
): Promise<PreflightReply | PreflightFailure> {
  const { load, identify } = plan;
  const driver = await loadDriver(plan);
  let address = '';
  return new Promise((resolve) => {
    const owner: LaneOwner = {
      now: () => performance.now() * 1000,
      wantsBody: () => true,
      bodyLimitBytes: keptBodyBytes(identify.bodyLimitBytes),
      firstByteAtBody: false,
      becameReady() {},
      streamLimitReceived() {},
      unaskedBytes() {},
      requestsPerConnection: 1,
      connecting: () => 0,
      opened(opened) {
        address = opened;
        return 0;
      },
      nextConnectionSerial: () => 1,
      finished(lane, error) {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cutOff);
        resolve(resultOf(plan, lane, error, address));
        lane.close();
      },
    };
    const lane = laneFactory(
      driver,
      plan,
      owner,
      { firstConnection: 0, connectionStep: 1, connections: 1 },
      { seed: load.seed ^ OTHER_SEED, worker: 0, workers: 1 },
    )();
    const timer = setTimeout(() => {
      lane.giveUp(address === '' ? 'connect-timeout' : 'timeout');
    }, timerMs(load.timeoutMs));
    const cutOff = () => lane.giveUp('cut-off');
    signal?.addEventListener('abort', cutOff);
    lane.start(owner.now(), PHASE.preflight, nextSequence());
    if (signal?.aborted === true) cutOff();
  });
}

/** @param address that a connection was opened to; empty if none was */
function resultOf(
  { target, identify }: Plan,
  lane: Lane,
  error: unknown,
  address: string,
): PreflightReply | PreflightFailure {
  const { status, headers, giveUpReason } = lane;
  const headSeen = status !== 0;
  // A response that does not end in time is good enough when it has as much as identifiers read: of an event stream
  // its first bytes, of any other response all that is kept of a body.
  const neededBytes = isEventStream(headers) ? 0 : identify.bodyLimitBytes;
  const enough = headSeen && giveUpReason === 'timeout' && lane.bodyBytes > neededBytes;
  if (error === null || enough) {
    // The lane has them no longer than until this request has ended.
    const body = Buffer.from(lane.body.bytes);
    const kept = headers.map((bytes) => Buffer.from(bytes));
    const cut = error !== null || lane.bodyBytes > body.length;
    return readReply({ status, headers: kept, body, cut, address });
  }
  const connected = address !== '';
  const stage = { tls: target.scheme === 'https', sent: connected, headSeen };
  const outcome = giveUpReason ?? classifyFailure(error, stage);
  return { kind: 'failure', outcome, connected, error: rootCause(error) };
}

/** Writes the row of a request that has ended: its outcome, who made the response, its version and endpoint. */

import { type OutcomeName, outcomeCode, outcomeOf } from '../../blocks/outcome.js';
import { NO_LABEL, ORIGIN } from '../../blocks/sample-block.js';
import type { IdentifyPlan } from '../../plan/plan.js';
import { bodyKind } from '../identifier/body-kind.js';
import { compileIdentifier, type Identifier } from '../identifier/identifier.js';
import type { Lane } from '../lane/lane.js';
import { classifyFailure, rootCause } from '../response/failure.js';
import {
  classifyReply,
  keptBodyBytes,
  needsBodyForOrigin,
  needsHeadersForOrigin,
} from '../response/origin.js';
import type { Recorder } from './recorder.js';
import type { WorkerCounters } from './worker-counters.js';

/** Some drivers make the fields only when they are asked for. */
const NO_HEADERS: readonly Buffer[] = [];
const NO_BODY = Buffer.alloc(0);
const NOT_SENT = outcomeCode('not-sent');

export class RowWriter {
  readonly #identifier: Identifier;
  readonly #upstreamTimeStamped: boolean;
  readonly #bodyLimitBytes: number;
  /** Whether the row written last is of a whole response that the gateway made itself. */
  refused = false;

  constructor(
    plan: IdentifyPlan,
    readonly tls: boolean,
    readonly recorder: Recorder,
    readonly counters: WorkerCounters,
    /** The run clock, µs. */
    readonly now: () => number,
  ) {
    this.#identifier = compileIdentifier(plan);
    this.#upstreamTimeStamped = plan.upstreamTimeStamped;
    this.#bodyLimitBytes = keptBodyBytes(plan.bodyLimitBytes);
  }

  /** See LaneOwner. */
  get firstByteAtBody(): boolean {
    return this.#identifier.firstByteAtBody;
  }

  /** Whether the body of a response with this status is needed for its row. */
  wantsBody(status: number): boolean {
    return this.#identifier.needsBody || needsBodyForOrigin(status);
  }

  /**
   * Writes the row of the request that a lane has just ended: its end is now.
   *
   * @param error null after a whole response
   * @returns whether the request may have reached the gateway (see `sent` in outcome.ts)
   */
  write(lane: Lane, error: unknown): boolean {
    const endUs = this.now();
    // Not the first variable: V8 counts what is read from the first parameter and from the first variable together, so that reading
    // `lane.dueUs` and `block.dueUs` would look like two kinds of object. That cost 48 bytes for each row.
    const headSeen = lane.status !== 0;
    const { block } = this.recorder;
    const row = block.length;
    let outcome: number;
    let origin: number = ORIGIN.unknown;
    let version = NO_LABEL;
    let endpoint = NO_LABEL;
    if (headSeen) {
      const body = needsBodyForOrigin(lane.status) ? lane.body.bytes : NO_BODY;
      const headers = needsHeadersForOrigin(lane.status) ? lane.headers : NO_HEADERS;
      const reply = classifyReply(lane.status, headers, body, this.#upstreamTimeStamped);
      const cut = error !== null || lane.bodyBytes > this.#bodyLimitBytes;
      const kind = bodyKind(reply.origin === ORIGIN.gateway, cut, lane.status);
      const reading = this.#identifier.read(lane, lane.body, kind);
      outcome = reply.outcome;
      origin = reply.origin;
      version = this.recorder.versions.id(reading.version);
      endpoint = this.recorder.endpoints.id(reading.endpoint);
    } else {
      outcome = 0;
    }
    if (error !== null) outcome = outcomeCode(this.#failure(lane, error, headSeen));
    this.refused = error === null && origin === ORIGIN.gateway;
    block.dueUs[row] = lane.dueUs;
    block.sendUs[row] = lane.sendUs;
    block.firstByteUs[row] = lane.firstByteUs;
    block.endUs[row] = endUs;
    block.connection[row] = lane.serial;
    block.sequence[row] = lane.sequence;
    block.bytes[row] = Math.min(lane.bodyBytes, 0xffff_ffff);
    block.status[row] = lane.status;
    block.version[row] = version;
    block.endpoint[row] = endpoint;
    block.address[row] = lane.address;
    block.outcome[row] = outcome;
    block.origin[row] = origin;
    block.phase[row] = lane.phase;
    this.recorder.commit();
    return outcomeOf(outcome).sent;
  }

  /** Writes the row of a request that was due and never sent. */
  writeUnsent(dueUs: number, phase: number, endUs: number): void {
    const { block } = this.recorder;
    const row = block.length;
    block.dueUs[row] = dueUs;
    block.sendUs[row] = Number.NaN;
    block.firstByteUs[row] = Number.NaN;
    block.endUs[row] = endUs;
    block.connection[row] = 0;
    block.sequence[row] = 0;
    block.bytes[row] = 0;
    block.status[row] = 0;
    block.version[row] = NO_LABEL;
    block.endpoint[row] = NO_LABEL;
    block.address[row] = NO_LABEL;
    block.outcome[row] = NOT_SENT;
    block.origin[row] = ORIGIN.unknown;
    block.phase[row] = phase;
    this.recorder.commit();
  }

  #failure(lane: Lane, error: unknown, headSeen: boolean): OutcomeName {
    const sent = !Number.isNaN(lane.sendUs);
    const { giveUpReason } = lane;
    if (giveUpReason === 'cut-off') return sent ? 'cut-off' : 'not-sent';
    if (giveUpReason !== null) return giveUpReason;
    const outcome = classifyFailure(error, { tls: this.tls, sent, headSeen });
    this.counters.failed(outcome, rootCause(error).message);
    return outcome;
  }
}

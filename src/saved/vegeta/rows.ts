/** Writes vegeta's results as rows, by the rules of a live run. */

import { type OutcomeName, outcomeCode } from '../../blocks/outcome.js';
import type { RunLabels } from '../../blocks/run-labels.js';
import { NO_LABEL, ORIGIN, PHASE, type SampleBlock } from '../../blocks/sample-block.js';
import type { Plan } from '../../plan/plan.js';
import { bodyKind } from '../../probes/identifier/body-kind.js';
import { compileIdentifier, type Identifier } from '../../probes/identifier/identifier.js';
import { classifyReply } from '../../probes/response/origin.js';
import { outcomeOfError } from './error-outcome.js';
import type { VegetaResult } from './result.js';

const OK = outcomeCode('ok');

/** Writes the rows of one import. */
export class VegetaRows {
  /** The error text of the first failure of each outcome. */
  readonly errorSamples = new Map<OutcomeName, string>();
  readonly #identifier: Identifier;
  readonly #stamped: boolean;

  constructor(
    plan: Plan,
    readonly labels: RunLabels,
    /** Zero of the run clock, µs since 1970. */
    readonly startedAtUs: number,
  ) {
    this.#identifier = compileIdentifier(plan.identify);
    this.#stamped = plan.identify.upstreamTimeStamped;
  }

  /** Adds a row to a block, which must have room for it. */
  write(result: VegetaResult, block: SampleBlock): void {
    const { status, headers, body, bodyBytes } = result;
    const row = block.length;
    // Whole seconds are subtracted first: nanoseconds since 1970 are more than one number holds exactly.
    const seconds = Math.floor(this.startedAtUs / 1e6);
    const dueUs = (result.seconds - seconds) * 1e6 + result.nanos / 1000 - (this.startedAtUs - seconds * 1e6);
    let outcome = OK;
    let origin: number = ORIGIN.unknown;
    let sendUs = dueUs;
    let version: string | null = null;
    let endpoint: string | null = null;
    if (status !== 0) {
      const reply = classifyReply(status, headers, body, this.#stamped);
      const kind = bodyKind(reply.origin === ORIGIN.gateway, bodyBytes > body.length, status);
      ({ version, endpoint } = this.#identifier.read(headers, body, kind));
      ({ outcome, origin } = reply);
    } else {
      const failure = this.#failure(result.error);
      outcome = outcomeCode(failure);
      if (failure === 'not-sent') sendUs = Number.NaN;
      // A response that broke off: vegeta keeps the part of the body that came, but not the status.
      if (body.length > 0) ({ version, endpoint } = this.#identifier.read([], body, 'cut'));
    }
    block.dueUs[row] = dueUs;
    block.sendUs[row] = sendUs;
    block.firstByteUs[row] = Number.NaN;
    block.endUs[row] = dueUs + result.latencyNs / 1000;
    block.connection[row] = 0;
    block.sequence[row] = result.sequence;
    block.bytes[row] = Math.min(bodyBytes, 0xffff_ffff);
    block.status[row] = status;
    block.version[row] = this.labels.version(version);
    block.endpoint[row] = this.labels.endpoint(endpoint);
    block.address[row] = NO_LABEL;
    block.worker[row] = 0;
    block.outcome[row] = outcome;
    block.origin[row] = origin;
    block.phase[row] = PHASE.measured;
    block.length += 1;
  }

  #failure(error: string): OutcomeName {
    const name = outcomeOfError(error);
    if (!this.errorSamples.has(name)) this.errorSamples.set(name, error);
    return name;
  }
}

/** What `weighbridge identify` has to say about one answer, as plain data. */
import { describeLabelSource } from '../../plan/labels/label-source.js';
import type { Plan } from '../../plan/plan.js';
import { hostnameOf } from '../../plan/target/target.js';
import { describeBody } from '../identifier/detect.js';
import { surveyReply } from '../identifier/survey.js';
import { explainReply } from './explain-failure.js';
import type { PreflightReply } from './single-request.js';

export interface IdentifyResult {
  readonly method: string;
  readonly url: string;
  /** Address that answered. */
  readonly address: string;
  readonly status: number;
  /** The body's first lines, without control characters. */
  readonly body: string;
  /** Why a run would not begin with this answer. */
  readonly problem: string | null;
  /** What a run would read by if it is told nothing, and why, as a clause. */
  readonly detected: { readonly version: string; readonly endpoint: string; readonly why: string } | null;
  readonly identifiers: readonly {
    /** Words of the command line, not quoted: `--version-from`, `whoami`. */
    readonly flags: readonly string[];
    /** What it reads, null when it reads no such label. */
    readonly version: string | null;
    readonly endpoint: string | null;
    /** It is what a run would choose if it is told nothing. */
    readonly detected: boolean;
    /** Why it may not be a label after all, as a clause. */
    readonly warning: string | null;
  }[];
}

export function identifyReply(plan: Plan, reply: PreflightReply): IdentifyResult {
  const { target, identify } = plan;
  const sent = new Set([
    target.method,
    target.host,
    hostnameOf(target.host),
    target.path,
    target.url,
    ...target.headers.map(([, value]) => value),
  ]);
  const { detected, rows } = surveyReply(reply, identify.candidates, sent);
  return {
    method: target.method,
    url: target.url,
    address: reply.address,
    status: reply.status,
    body: describeBody(reply.body),
    problem: explainReply(plan, reply),
    detected:
      detected === null
        ? null
        : {
            version: describeLabelSource(detected.version),
            endpoint: describeLabelSource(detected.endpoint),
            why: detected.why,
          },
    identifiers: rows.map(({ source, version, endpoint, chosen, warning }) => {
      const by = describeLabelSource(source);
      return {
        flags: [
          ...(version === null ? [] : ['--version-from', by]),
          ...(endpoint === null ? [] : ['--endpoint-from', by]),
        ],
        version,
        endpoint,
        detected: chosen,
        warning,
      };
    }),
  };
}

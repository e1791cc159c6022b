/** The result of `weighbridge identify` for one response, as plain data. */

import type { OptionNamer } from '../../errors.js';
import { describeLabelSource } from '../../plan/labels/label-source.js';
import type { Plan } from '../../plan/plan.js';
import { maskSecrets, shownTarget } from '../../plan/target/secrets.js';
import { hostnameOf } from '../../plan/target/target.js';
import { describeBody } from '../identifier/describe-body.js';
import { surveyReply } from '../identifier/survey.js';
import { explainReply } from './explain-reply.js';
import type { PreflightReply } from './reply.js';

export interface IdentifyResult {
  readonly method: string;
  readonly url: string;
  /** Address that answered. */
  readonly address: string;
  readonly status: number;
  /** The body's first lines, without control characters. */
  readonly body: string;
  /** Why a run would not begin after this response; null if it would. */
  readonly problem: string | null;
  /** The label sources that a run would detect, and why, as a clause; null if it would detect none. */
  readonly detected: { readonly version: string; readonly endpoint: string; readonly why: string } | null;
  readonly identifiers: readonly {
    /** The flags that choose it, as words that are not quoted: `--version-from`, `whoami`. */
    readonly flags: readonly string[];
    /** The labels that it reads; null if it reads none of the kind. */
    readonly version: string | null;
    readonly endpoint: string | null;
    /** A run would detect it. */
    readonly detected: boolean;
    /** Why it may not be a label, as a clause; null if nothing speaks against it. */
    readonly warning: string | null;
  }[];
}

/**
 * Makes the result: what a run would detect, and what every other identifier would read, without the secrets that the
 * request sent.
 *
 * @param name names the options that advice in the result is about
 */
export function identifyReply(plan: Plan, reply: PreflightReply, name: OptionNamer): IdentifyResult {
  const { target, identify } = plan;
  const sent = new Set([
    target.method,
    target.host,
    hostnameOf(target.host),
    target.path,
    target.url,
    ...target.headers.map(([, value]) => value),
  ]);
  const mask = maskSecrets(plan);
  const shown = (label: string | null) => (label === null ? null : mask(label));
  const { detected, rows } = surveyReply(reply, identify.candidates, sent);
  return {
    method: target.method,
    url: shownTarget(plan).url,
    address: reply.address,
    status: reply.status,
    body: describeBody(reply.body, mask, reply.headers),
    problem: explainReply(plan, reply, name),
    detected:
      detected === null
        ? null
        : {
            version: describeLabelSource(detected.version),
            endpoint: describeLabelSource(detected.endpoint),
            why: detected.why,
          },
    identifiers: rows.map(({ source, version, endpoint, chosen, warning }) => {
      const by = mask(describeLabelSource(source));
      return {
        flags: [
          ...(version === null ? [] : ['--version-from', by]),
          ...(endpoint === null ? [] : ['--endpoint-from', by]),
        ],
        version: shown(version),
        endpoint: shown(endpoint),
        detected: chosen,
        warning,
      };
    }),
  };
}

/** A plan for results of vegeta, which carry none. */
import { OptionError } from '../../errors.js';
import { candidateWords } from '../../plan/labels/labels.js';
import type { JudgePlan, LabelSource, Plan, Target } from '../../plan/plan.js';
import { chooseIdentifier } from '../../probes/preflight/choose-identifier.js';
import { readReply } from '../../probes/preflight/reply.js';
import { versionNotFound } from '../../probes/preflight/version-not-found.js';
import { printable } from '../../text/printable.js';
import { maskBrokenUrl, maskUrl } from '../../text/secrets.js';
import type { VegetaResult } from './result.js';

/** What the plan of a saved run says, for results that have no plan. */
export interface ImportOptions {
  /** Where a response names its version; null: detected from the first responses. */
  readonly version: LabelSource | null;
  /** Where a response names its endpoint; null: detected from the first responses. */
  readonly endpoint: LabelSource | null;
  /** Version and endpoint are looked for in so many bytes of a body. */
  readonly bodyLimitBytes: number;
  /** Expected versions, tolerance and confidence. */
  readonly judge: JudgePlan;
}

/**
 * The plan of an imported run. How versions are read is settled by the first responses, as the pre-flight settles it
 * for a run.
 *
 * @param first the first results of the file, at least one; the target is that of the very first
 * @param file for the error
 * @throws UserError when backends answered and no version can be read in their responses
 */
export function importPlan(
  first: readonly [VegetaResult, ...VegetaResult[]],
  options: ImportOptions,
  file: string,
): Plan {
  const plan = planWithoutDetection(first[0], options);
  const replies = first
    .filter(({ status }) => status !== 0)
    .map(({ status, headers, body, bodyBytes }) =>
      readReply({ status, headers, body, cut: bodyBytes > body.length, address: '' }),
    );
  // Without a response of a backend there is nothing to read a version in: every request failed.
  if (replies.every(({ fromGateway }) => fromGateway)) return plan;
  const identified = chooseIdentifier(plan, replies);
  if (identified !== null) return identified;
  const { messageWith, exit } = versionNotFound(plan, replies, null);
  throw new OptionError((name) => `${file}: ${messageWith(name)}`, exit);
}

function planWithoutDetection(
  one: VegetaResult,
  { version, endpoint, bodyLimitBytes, judge }: ImportOptions,
): Plan {
  return {
    target: targetOf(one),
    // A run that another tool sent: nothing is known of its load, and no analysis reads these values.
    load: {
      mode: 'closed',
      connections: 0,
      streams: 1,
      maxInFlight: 0,
      ratePerSecond: null,
      arrival: 'uniform',
      untilVerdict: false,
      requests: null,
      durationMs: null,
      rampMs: 0,
      warmup: null,
      timeoutMs: 0,
      threads: 0,
      requestsPerConnection: null,
      cookies: 'off',
      driver: null,
      spin: 'auto',
      seed: 0,
    },
    identify: {
      version: version ?? { from: 'none' },
      endpoint: endpoint ?? { from: 'none' },
      bodyLimitBytes,
      candidates: candidateWords(judge.expected ?? []),
      upstreamTimeStamped: false,
    },
    detect: { version: version === null, endpoint: endpoint === null },
    judge,
    policies: [],
    ejection: [],
    notes: [],
    secretHeaders: [],
  };
}

function targetOf({ url, method }: VegetaResult): Target {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null) {
    parsed.username = '';
    parsed.password = '';
  }
  return {
    url: printable(parsed === null ? maskBrokenUrl(url) : maskUrl(parsed.href), 2000),
    scheme: parsed?.protocol === 'https:' ? 'https' : 'http',
    protocol: 'http/1.1',
    connectTo: [],
    host: printable(parsed?.host ?? '', 300),
    sni: null,
    path: printable(parsed === null ? '' : maskUrl(parsed.pathname + parsed.search), 2000),
    values: false,
    method: printable(method, 40),
    headers: [],
    body: null,
    tls: { verify: true, ca: null, cert: null, key: null },
  };
}

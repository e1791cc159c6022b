/** What answers to single requests tell about how versions are read. */
import { UserError } from '../../errors.js';
import { describeLabelSource } from '../../plan/labels/label-source.js';
import { ambiguousLabelError, makeMatcher } from '../../plan/labels/labels.js';
import { NOTHING_TO_DETECT, type Note, type Plan } from '../../plan/plan.js';
import { printable } from '../../text/printable.js';
import { bodyKind } from '../identifier/body-kind.js';
import { describeBody, detectEndpointHeader, detectIdentifier } from '../identifier/detect.js';
import { compileIdentifier } from '../identifier/identifier.js';
import { headerValue } from '../response/raw-headers.js';
import type { PreflightReply } from './single-request.js';

/** docs/envoy.md, "Retries". */
const RETRIES =
  "The gateway is Istio's. Unless its routes say otherwise it retries refused connections twice: an endpoint " +
  'that refuses shows in no count here, only as some milliseconds more. Errors that a backend answers are not retried.';

/** The plan with its identifier, or null when these answers do not settle it. */
export function chooseIdentifier(plan: Plan, replies: readonly PreflightReply[]): Plan | null {
  const answers = replies.filter((reply) => !reply.fromGateway);
  const good = answers.filter((reply) => reply.status < 400);
  const notes: Note[] = [];
  const { detect } = plan;
  let { version, endpoint } = plan.identify;
  if (detect.version) {
    const detected = good
      .map((reply) => detectIdentifier(reply, plan.identify.candidates))
      .find((one) => one !== null);
    if (detected === undefined || detected === null) return null;
    version = detected.version;
    if (detect.endpoint) endpoint = detected.endpoint;
    notes.push({
      code: 'identifier-detected',
      text: `The version is read by '${describeLabelSource(version)}', because ${detected.why}; --version-from sets it.`,
    });
  }
  if (!detect.version && detect.endpoint) {
    endpoint = answers.map(detectEndpointHeader).find((one) => one !== null) ?? endpoint;
  }
  if (answers.some((reply) => headerValue(reply.headers, 'server') === 'istio-envoy')) {
    notes.push({ code: 'default-retries', text: RETRIES });
  }
  const identify = {
    ...plan.identify,
    version,
    endpoint,
    upstreamTimeStamped: answers.some((reply) => reply.upstreamTimeStamped),
  };
  const result: Plan = { ...plan, identify, detect: NOTHING_TO_DETECT, notes: [...plan.notes, ...notes] };
  if (version.from === 'none') return result;
  return fits(result, answers.length > 0 ? answers : replies) ? result : null;
}

/** Whether what the answers tell is among what is expected. */
function fits(plan: Plan, replies: readonly PreflightReply[]): boolean {
  const labels = labelsOf(plan, replies);
  const expected = plan.judge.expected;
  if (expected === null) return labels.length > 0;
  const match = makeMatcher(expected);
  let matched = false;
  for (const label of labels) {
    const found = match(label);
    if (found.kind === 'ambiguous') throw ambiguousLabelError(label, found.names, labels);
    if (found.kind === 'match') matched = true;
  }
  return matched;
}

/** The distinct labels that the plan's identifier reads in answers. */
export function labelsOf(plan: Plan, replies: readonly PreflightReply[]): string[] {
  const identifier = compileIdentifier(plan.identify);
  const labels = replies.map((reply) => {
    const kind = bodyKind(reply.fromGateway, reply.cut, reply.status);
    return identifier.read(reply.headers, reply.body, kind).version;
  });
  return [...new Set(labels.filter((label) => label !== null))];
}

/** What to say when no version could be read: exit 2, or 4 when no backend answered. */
export function versionNotFound(
  plan: Plan,
  replies: readonly PreflightReply[],
  refused: string | null,
): UserError {
  const backend = replies.find((reply) => !reply.fromGateway);
  if (backend === undefined) {
    return new UserError(
      `${refused ?? 'The gateway answered by itself.'}\n(${replies.length} of ${replies.length} requests)`,
      'unreachable',
    );
  }
  const good = replies.find((reply) => !reply.fromGateway && reply.status < 400) ?? backend;
  const shown = `An answer (status ${good.status}):\n${describeBody(good.body)}`;
  const how =
    "Say where it is: --version-from header:NAME, 'body:/regex with a (group)/', json:/pointer, a preset, or none; " +
    "'weighbridge identify' shows what fits.";
  if (plan.detect.version && good.status >= 400) {
    return new UserError(
      `Every answer was an error, so that how to read the version could not be found out.\n${shown}\n${how}`,
    );
  }
  const labels = plan.detect.version ? [] : labelsOf(plan, replies);
  if (labels.length === 0) return new UserError(`No version was found in the answers.\n${shown}\n${how}`);
  const names = (plan.judge.expected ?? []).map(({ name }) => printable(name));
  return new UserError(
    `The labels read in ${replies.length} answers match no expected version.\n` +
      `Labels: ${labels
        .slice(0, 8)
        .map((label) => `"${printable(label, 80)}"`)
        .join(', ')}\nExpected: ${names.join(', ')}\n` +
      `Say which belongs to which: --map ${names[0]}=LABEL`,
  );
}

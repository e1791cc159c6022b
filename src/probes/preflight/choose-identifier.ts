/** Chooses the identifier by the responses to single requests, and checks that it reads expected versions. */
import { holdsInIstio, nameIstio } from '../../plan/gateways/istio-versions.js';
import { describeLabelSource } from '../../plan/labels/label-source.js';
import { ambiguousLabelError, makeMatcher } from '../../plan/labels/labels.js';
import { NOTHING_TO_DETECT, type Note, type Plan } from '../../plan/plan.js';
import { maskSecrets } from '../../plan/target/secrets.js';
import { bodyKind } from '../identifier/body-kind.js';
import { detectEndpointHeader, detectIdentifier } from '../identifier/detect.js';
import { compileIdentifier } from '../identifier/identifier.js';
import { suggestHeaders } from '../identifier/suggest.js';
import { headerValue } from '../response/raw-headers.js';
import type { PreflightReply } from './reply.js';

/** Note about Istio's default retries (docs/envoy.md, "Retries"). */
function retriesText(istio: Plan['istio']): string {
  const answered = 'Errors that a backend answers are not retried';
  const known =
    istio === undefined
      ? `${answered} (before Istio 1.24, a 503 was).`
      : holdsInIstio('no default retry of 503', istio)
        ? `${answered}.`
        : `A 503 that a backend answers is retried too, as in ${nameIstio(istio)}; other errors are not.`;
  return (
    "The gateway answers as Istio's do (server: istio-envoy). Unless routes set retries, these retry refused connections twice: " +
    `an endpoint that refuses connections is in no count here and only adds some milliseconds. ${known}`
  );
}

/**
 * Chooses the label sources that the plan leaves to be detected (`plan.detect`).
 *
 * @returns the plan with its identifier and notes about it; null if these responses are not enough to choose, or if
 *   none of the labels that they have is that of an expected version
 * @throws UserError if a label fits several expected versions
 */
export function chooseIdentifier(plan: Plan, replies: readonly PreflightReply[]): Plan | null {
  const answers = replies.filter((reply) => !reply.fromGateway);
  const good = answers.filter((reply) => reply.status < 400);
  const notes: Note[] = [];
  let { version, endpoint } = plan.identify;
  if (plan.detect.version) {
    const detected = good
      .map((reply) => detectIdentifier(reply, plan.identify.candidates))
      .find((one) => one !== null);
    if (detected === undefined || detected === null) return null;
    version = detected.version;
    if (plan.detect.endpoint) endpoint = detected.endpoint;
    notes.push({
      code: 'identifier-detected',
      text: `The version is read by '${describeLabelSource(version)}', because ${detected.why}; --version-from sets it.`,
    });
  }
  if (!plan.detect.version && plan.detect.endpoint) {
    endpoint = answers.map(detectEndpointHeader).find((one) => one !== null) ?? endpoint;
  }
  if (endpoint.from === 'none' && plan.ejection.some(({ asked }) => asked)) {
    notes.push(...endpointHeaderNotes(good));
  }
  if (answers.some((reply) => headerValue(reply.headers, 'server') === 'istio-envoy')) {
    notes.push({ code: 'default-retries', text: retriesText(plan.istio) });
  }
  notes.push(...retrySigns(replies));
  const identify = {
    ...plan.identify,
    version,
    endpoint,
    upstreamTimeStamped: answers.some((reply) => reply.upstreamTimeStamped),
  };
  const result: Plan = { ...plan, identify, detect: NOTHING_TO_DETECT, notes: [...plan.notes, ...notes] };
  if (version.from === 'none') return result;
  return readsExpected(result, answers.length > 0 ? answers : replies) ? result : null;
}

/** Envoy's own signs of a retry: the header with the number of attempts, and the text of its reply after the last one. */
function retrySigns(replies: readonly PreflightReply[]): Note[] {
  const attempts = Math.max(
    0,
    ...replies.map(({ headers }) => Number(headerValue(headers, 'x-envoy-attempt-count') ?? 0) || 0),
  );
  const gaveUp = replies.some(({ body }) => body.includes('retried and the latest reset reason'));
  if (attempts < 2 && !gaveUp) return [];
  const sign =
    attempts < 2
      ? "the gateway's own reply to a request before the load says so"
      : `a response before the load took ${attempts} attempts (x-envoy-attempt-count)`;
  const text = `The gateway retries: ${sign}. Errors that a retry makes good are in no count, and where a retry may go to another version, the one that fails loses share.`;
  return [{ code: 'retries', text }];
}

/** Names the header that `identify` would suggest. It is not used unasked, because names of headers can mislead. */
function endpointHeaderNotes(replies: readonly PreflightReply[]): Note[] {
  const suggested = replies.flatMap(({ headers }) => suggestHeaders(headers));
  const found = suggested.find(({ use }) => use === 'endpoint');
  if (found === undefined) return [];
  const source = describeLabelSource(found.source);
  const text = `Responses have a header that may name their endpoint: --endpoint-from ${source} reads it. Without endpoints, ejections are not judged.`;
  return [{ code: 'endpoints-not-told', text }];
}

/** Whether a label in the responses stands for an expected version; without expected versions, any label does. */
function readsExpected(plan: Plan, replies: readonly PreflightReply[]): boolean {
  const labels = labelsOf(plan, replies);
  const expected = plan.judge.expected;
  if (expected === null) return labels.length > 0;
  const match = makeMatcher(expected);
  let matched = false;
  for (const label of labels) {
    const found = match(label);
    if (found.kind === 'ambiguous') {
      const mask = maskSecrets(plan);
      throw ambiguousLabelError(mask(label), found.names, labels.map(mask));
    }
    if (found.kind === 'match') matched = true;
  }
  return matched;
}

/** The distinct version labels that the plan's identifier reads in responses. */
export function labelsOf(plan: Plan, replies: readonly PreflightReply[]): string[] {
  const identifier = compileIdentifier(plan.identify);
  const labels = replies.map((reply) => {
    const kind = bodyKind(reply.fromGateway, reply.cut, reply.status);
    return identifier.read(reply.headers, reply.body, kind).version;
  });
  return [...new Set(labels.filter((label) => label !== null))];
}

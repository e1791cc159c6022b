/** The error when no version could be read in the responses to single requests. */
import { type ErrorExit, OptionError, type OptionNamer } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import { maskSecrets } from '../../plan/target/secrets.js';
import { printable } from '../../text/printable.js';
import { compressionOf, describeBody } from '../identifier/describe-body.js';
import { labelsOf } from './choose-identifier.js';
import { onlyServerErrors, type PreflightReply } from './reply.js';

/** Labels that the message lists. */
const MAX_LABELS_SHOWN = 8;

/**
 * Explains why no version could be read, and what to do.
 *
 * @param problem why the gateway's own response means that no load can be sent, if it does
 * @returns an error with exit status 4 if every response was a 5xx, else 2
 */
export function versionNotFound(
  plan: Plan,
  replies: readonly PreflightReply[],
  problem: ((name: OptionNamer) => string | null) | null,
): OptionError {
  const failing = onlyServerErrors(replies);
  const exit: ErrorExit = failing ? 'unreachable' : 'usage';
  const backend = replies.find((reply) => !reply.fromGateway);
  if (backend === undefined) {
    return new OptionError((name) => problem?.(name) ?? 'The gateway answered by itself.', exit);
  }
  const mask = maskSecrets(plan);
  const good = replies.find((reply) => !reply.fromGateway && reply.status < 400) ?? backend;
  const shown = `An answer (status ${good.status}):\n${describeBody(good.body, mask, good.headers)}`;
  const isCompressed = compressionOf(good.headers) !== null;
  const how = (name: OptionNamer) =>
    `${isCompressed ? `Ask for answers without compression: ${name('headers')} 'accept-encoding: identity'.\n` : ''}` +
    `Say where the version is: ${name('versionFrom')} header:NAME, 'body:/regex with a (group)/', json:/pointer, a preset, or none; ` +
    "'weighbridge identify' shows what fits.";
  if (plan.detect.version && good.status >= 400) {
    return new OptionError(
      (name) =>
        `Every answer was an error, so it could not be detected how to read the version.\n${shown}\n${how(name)}`,
      exit,
    );
  }
  const labels = plan.detect.version ? [] : labelsOf(plan, replies);
  if (labels.length === 0) {
    const found = failing
      ? 'Every answer was an error, and none named a version.'
      : 'No version was found in the answers.';
    return new OptionError((name) => `${found}\n${shown}\n${how(name)}`, exit);
  }
  const names = (plan.judge.expected ?? []).map(({ name }) => printable(name));
  return new OptionError(
    (name) =>
      `The labels read in ${replies.length} answers match no expected version.\n` +
      `Labels: ${labels
        .slice(0, MAX_LABELS_SHOWN)
        .map((label) => `"${printable(mask(label), 80)}"`)
        .join(', ')}\nExpected: ${names.join(', ')}\n` +
      `Say which label stands for which version: ${name('map')} ${names[0]}=LABEL`,
  );
}

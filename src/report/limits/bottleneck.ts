/** Why there is no knee, or no refusal, in words. */
import { levelOf } from '../../analysis/limits/levels.js';
import type { Bottleneck, LimitsResult } from '../../analysis/limits/result.js';
import { rate } from '../../text/numbers.js';
import { firstRefusalOf, kneeOf, lastAcceptedOf, loadSteps } from './find-steps.js';
import { type Found, levelInWords, shareInWords, versionName } from './words.js';

/** What was seen without refusals, and what limits; empty where the knee was found. */
export function noKneeInWords({ limits, ended }: LimitsResult): string[] {
  if (kneeOf(limits) !== null) return [];
  const { bottleneck } = limits;
  const refused = firstRefusalOf(limits) !== null;
  const why = bottleneck === null ? '' : BOTTLENECKS[bottleneck.kind](limits, bottleneck);
  if (refused) {
    if (bottleneck === null) return ended === 'completed' ? ['No knee was found.'] : [];
    return [`No knee was found. ${why}`];
  }
  return [[upTo(limits), why].filter((text) => text !== '').join(' ')];
}

function upTo(limits: Found): string {
  const last = lastAcceptedOf(limits);
  if (last === null) return 'No step was finished.';
  if (last === 0) return 'Requests failed from the smallest load on.';
  const at = levelInWords(limits, last);
  const steps = loadSteps(limits).filter((step) => levelOf(step) <= last);
  if (steps.every(({ refused }) => refused === 0)) return `No refusals up to ${at}.`;
  return `No step up to ${at} is shown to have more than ${shareInWords(limits.refusalThreshold)} refused.`;
}

const BOTTLENECKS: Record<Bottleneck['kind'], (limits: Found, bottleneck: Bottleneck) => string> = {
  backends: (limits, at) =>
    `The backends are the bottleneck: ${from(limits, at)} answers${stay(at)} and take longer${most(at)}, and no limit of the gateway refuses them.`,
  'gateway-queue': (limits, at) =>
    `Requests wait in the gateway: ${from(limits, at)} answers${stay(at)} and take longer${most(at)}. A limit on connections without a limit on waiting requests explains it.`,
  bound: () => 'The search stopped at the highest load that it may try.',
  time: () => 'The time for the search was over.',
  client: (limits, { fromLevel }) =>
    `This machine was the limit, not the gateway${fromLevel === null ? '' : `, from ${levelInWords(limits, fromLevel)} on`}.`,
};

function from(limits: Found, { fromLevel }: Bottleneck): string {
  return fromLevel === null ? 'with more load,' : `from ${levelInWords(limits, fromLevel)} on,`;
}

function stay({ goodputPerSecond }: Bottleneck): string {
  return goodputPerSecond === null ? ' come no faster' : ` stay at ${rate(goodputPerSecond)}`;
}

function most({ version }: Bottleneck): string {
  return version === null ? '' : `, those of ${versionName(version)} most`;
}

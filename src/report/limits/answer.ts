/** The verdict and the short answer in sentences. */
import { levelOf } from '../../analysis/limits/levels.js';
import type { LimitsResult } from '../../analysis/limits/result.js';
import { sum } from '../../collections.js';
import { duration, inSeconds, time } from '../../text/durations.js';
import { count, counted, rate } from '../../text/numbers.js';
import type { Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { wrapItems } from '../layout/text.js';
import { UNFINISHED } from '../terms.js';
import { verdictIndent, verdictLines } from '../verdict-line.js';
import { noKneeInWords } from './bottleneck.js';
import {
  firstRefusalOf,
  highestAbove,
  kneeOf,
  lastAcceptedOf,
  loadSteps,
  nearestToKnee,
  recoverySteps,
  stepAt,
} from './find-steps.js';
import { limitInWords } from './limit-words.js';
import { type Found, levelInWords, rateNumber, shareInWords } from './words.js';

/** Goodputs that differ by less, as a fraction, are called alike. */
const ALIKE = 0.05;

/** The answer before it is laid out. */
export interface LimitsAnswer {
  /** What decided the verdict. */
  readonly why: string;
  readonly sentences: readonly string[];
  /** Counts. */
  readonly figures: readonly string[];
}

export function answerSection(result: LimitsResult, columns: number, paint: Paint): string[] {
  const { verdict } = result;
  const indent = verdictIndent(verdict);
  const { why, sentences, figures } = limitsAnswer(result);
  return [
    ...verdictLines(verdict, why, columns, paint),
    ...[
      ...sentences.flatMap((text) => paragraph('', [text], 0, columns - indent)),
      ...wrapItems(figures, ' · ', columns - indent),
    ].map((line) => `${' '.repeat(indent)}${line}`),
  ];
}

export function limitsAnswer(result: LimitsResult): LimitsAnswer {
  const { verdict, checks } = result;
  const deciding = checks.filter((check) => check.verdict === verdict).map(({ text }) => text);
  const sentences = [
    ...firstRefusals(result.limits),
    ...knee(result),
    ...noKneeInWords(result),
    ...aboveTheKnee(result.limits),
    ...recovery(result.limits),
    ...ending(result),
  ];
  return { why: deciding.join('; '), sentences, figures: figuresOf(result) };
}

function firstRefusals(limits: Found): string[] {
  const first = firstRefusalOf(limits);
  if (first === null) return [];
  const shown = stepAt(limits, first);
  const share =
    shown === undefined
      ? ''
      : ` (${shareInWords(shown.refusedShare)} of requests, at least ${shareInWords(shown.refusedBounds[0])})`;
  const at = levelInWords(limits, first);
  const below = loadSteps(limits).filter((step) => levelOf(step) < first);
  const last = lastAcceptedOf(limits);
  if (below.length === 0) return [`Refused at the smallest load that was tried: ${at}${share}.`];
  // Below it requests failed.
  if (last === null || last === 0) return [`First refusals at ${at}${share}.`];
  const lastNumber = rateNumber(last);
  if (below.every(({ refused }) => refused === 0)) {
    return [`First refusals at ${at}${share}; none at ${lastNumber}.`];
  }
  const there = below.filter((step) => levelOf(step) === last);
  const refused = sum(there.map((step) => step.refused));
  const requests = sum(there.map((step) => step.requests));
  return [
    `More than ${shareInWords(limits.refusalThreshold)} refused from ${at} on${share}; at ${lastNumber}, ${count(refused)} of ${count(requests)} were.`,
  ];
}

function knee({ limits, predicted }: LimitsResult): string[] {
  const at = kneeOf(limits);
  const { kneeBounds, predictedKnee } = limits;
  if (at === null) {
    if (predictedKnee === null) return [];
    return [`Predicted to be full at ${levelInWords(limits, predictedKnee)}${byWhich(limits, predicted)}.`];
  }
  const bounds = kneeBounds === null ? '' : ` (95 % interval ${kneeBounds.map(rateNumber).join(' to ')})`;
  const expected =
    predictedKnee === null ? '' : `; predicted ${rateNumber(predictedKnee)}${byWhich(limits, predicted)}`;
  return [`Full at ${levelInWords(limits, at)}${bounds}${expected}.`];
}

/** `: 100 connections + 50 waiting per version`; empty where no limit is known. */
function byWhich({ bindingLimit }: Found, predicted: LimitsResult['predicted']): string {
  if (bindingLimit === null || predicted === null) return '';
  return `: ${limitInWords(bindingLimit, predicted)}`;
}

function aboveTheKnee(limits: Found): string[] {
  const step = highestAbove(limits);
  if (step === undefined) return [];
  const near = nearestToKnee(limits, step);
  const alike = near !== undefined && Math.abs(step.goodput - near.goodput) <= ALIKE * near.goodput;
  const before =
    near === undefined
      ? ''
      : alike
        ? `, as at ${rateNumber(levelOf(near))} (${rate(near.goodput)})`
        : ` (${rate(near.goodput)} at ${rateNumber(levelOf(near))})`;
  const { p99 } = step.latencyUs.accepted;
  return [
    `${[
      `At ${levelInWords(limits, levelOf(step))}: ${shareInWords(step.refusedShare)} refused`,
      ...(step.failed === 0 ? [] : [`${count(step.failed)} failed`]),
      `goodput ${rate(step.goodput)}${before}`,
      ...(p99 === null ? [] : [`p99 of what got through ${time(p99)}`]),
    ].join('; ')}.`,
  ];
}

function recovery(limits: Found): string[] {
  const [step] = recoverySteps(limits);
  const { recoveryMs } = limits;
  if (step === undefined) return [];
  const fell = `the load fell to ${levelInWords(limits, levelOf(step))}`;
  if (recoveryMs === null) {
    return step.refused === 0 || step.accepted === 0
      ? []
      : [`Not recovered: refusals went on for ${inSeconds(step.windowMs)} after ${fell}.`];
  }
  return [
    recoveryMs === 0
      ? `No refusals after ${fell}.`
      : `Recovered: the last refusal came ${inSeconds(recoveryMs)} after ${fell}.`,
  ];
}

function ending({ ended, limits }: LimitsResult): string[] {
  if (ended === 'completed') return [];
  const { length } = limits.steps;
  const only =
    length === 0
      ? ''
      : `; the ${counted(length, 'step')} that had ended ${length === 1 ? 'is' : 'are'} shown`;
  if (ended === 'interrupted' || ended === 'terminated') return [`The search was ${ended}${only}.`];
  return [`The search broke off by an error${only}.`];
}

function figuresOf({ requests, durationMs, limits, ended }: LimitsResult): string[] {
  return [
    `${counted(requests.scheduled, 'request')} in ${duration(durationMs)}`,
    counted(limits.steps.length, 'step'),
    ...(ended === 'completed' ? [] : [ended]),
    `${count(requests.accepted)} accepted`,
    `${count(requests.refused)} refused`,
    ...(requests.failed === 0 ? [] : [`${count(requests.failed)} failed`]),
    ...(requests.cutOff === 0 ? [] : [`${count(requests.cutOff)} ${UNFINISHED}`]),
  ];
}

/** The curves: goodput and refusals against the load, and latency against the load. */
import { levelOf } from '../../../analysis/limits/levels.js';
import type { LimitsResult, StepResult } from '../../../analysis/limits/result.js';
import { time } from '../../../text/durations.js';
import { rate } from '../../../text/numbers.js';
import type { GridData } from '../../layout/grid.js';
import { firstRefusalOf, kneeOf, loadSteps } from '../../limits/find-steps.js';
import { levelHead } from '../../limits/steps.js';
import { type Found, levelInWords, rateNumber, sharePercent } from '../../limits/words.js';
import { label, number, text } from '../../table/columns.js';
import type { PlotParts } from '../frame/plot.js';
import type { PlotMark, PlotSeries, PlotX } from '../plot-spec.js';

const ACCEPTED = 0;
const REFUSED = 6;
const OTHER = 5;

/** Above the highest curve the names of the marks have room. */
const ROOM = 1.35;

/** Empty with fewer than two levels. */
export function curvePlots({ limits }: LimitsResult): PlotParts[] {
  const steps = loadSteps(limits);
  if (steps.length < 2) return [];
  const marks = marksOf(limits);
  return [throughput(limits, steps, marks), latency(limits, steps, marks)];
}

function throughput(limits: Found, steps: readonly StepResult[], marks: readonly PlotMark[]): PlotParts {
  const perSecond = (count: (step: StepResult) => number) =>
    steps.map((step) => (step.windowMs === 0 ? null : (count(step) * 1000) / step.windowMs));
  const highest = steps.reduce((best, step) => (step.goodput > best.goodput ? step : best));
  const hasFailures = steps.some(({ failed }) => failed > 0);
  return {
    heading: 'Goodput and refusals',
    summary: [
      `Most goodput: ${rate(highest.goodput)} at ${levelInWords(limits, levelOf(highest))}.`,
      ...refusals(limits),
    ],
    spec: {
      id: 'throughput',
      x: xAxis(limits, steps),
      y: { unit: 'perSecond', label: 'requests per second', scale: 'linear', from: 0, to: room(steps) },
      series: [
        { label: 'accepted (goodput)', values: steps.map(({ goodput }) => goodput), ...look(ACCEPTED, 0) },
        { label: 'refused', values: perSecond(({ refused }) => refused), ...look(REFUSED, 1) },
        ...(hasFailures
          ? [{ label: 'failed', values: perSecond(({ failed }) => failed), ...look(OTHER, 2) }]
          : []),
      ],
      bands: [],
      marks,
    },
    table: {
      columns: [label(levelHead(limits)), number('goodput/s'), number('refused %'), number('offered/s')],
      rows: steps.map((step) =>
        text(
          rateNumber(levelOf(step)),
          rateNumber(step.goodput),
          sharePercent(step.refusedShare),
          rateNumber(step.offered),
        ),
      ),
    },
  };
}

function room(steps: readonly StepResult[]): number {
  const refusedPerSecond = steps.map(({ refused, windowMs }) =>
    windowMs === 0 ? 0 : (refused * 1000) / windowMs,
  );
  return ROOM * Math.max(1, ...steps.map(({ goodput }) => goodput), ...refusedPerSecond);
}

function latency(limits: Found, steps: readonly StepResult[], marks: readonly PlotMark[]): PlotParts {
  const refused = steps.map(({ latencyUs }) => latencyUs.refused.p50);
  const series: PlotSeries[] = [
    {
      label: 'accepted p50',
      values: steps.map(({ latencyUs }) => latencyUs.accepted.p50),
      ...look(ACCEPTED, 0),
    },
    {
      label: 'accepted p99',
      values: steps.map(({ latencyUs }) => latencyUs.accepted.p99),
      ...look(ACCEPTED, 1),
      style: 'thin',
    },
    ...(refused.some((us) => us !== null)
      ? [{ label: 'refused p50', values: refused, ...look(REFUSED, 2) }]
      : []),
  ];
  const last = steps.at(-1);
  return {
    heading: 'Latency against load',
    summary: [
      `Accepted requests took ${time(steps[0]?.latencyUs.accepted.p50 ?? null)} (p50) at the smallest load and ${time(last?.latencyUs.accepted.p50 ?? null)} at the largest.`,
      ...(last === undefined || last.latencyUs.refused.p50 === null
        ? []
        : [`Refused ones took ${time(last.latencyUs.refused.p50)} (p50) at the largest load.`]),
    ],
    spec: {
      id: 'latency-by-load',
      x: xAxis(limits, steps),
      y: { unit: 'us', label: 'latency', scale: 'log' },
      series,
      bands: [],
      marks,
    },
    table: latencyTable(limits, steps),
  };
}

function latencyTable(limits: Found, steps: readonly StepResult[]): GridData {
  return {
    columns: [label(levelHead(limits)), number('p50'), number('p90'), number('p99'), number('refused p50')],
    rows: steps.map((step) => {
      const { accepted, refused } = step.latencyUs;
      return text(
        rateNumber(levelOf(step)),
        ...[accepted.p50, accepted.p90, accepted.p99, refused.p50].map((us) => time(us)),
      );
    }),
  };
}

/** First refusals, the knee that was found with its interval, and the predicted one. */
function marksOf(limits: Found): PlotMark[] {
  const { predictedKnee, kneeBounds } = limits;
  const found = kneeOf(limits);
  const first = firstRefusalOf(limits);
  const mark = (x: number | null, words: string, tone: number, dash: number): PlotMark[] =>
    x === null ? [] : [{ x, label: `${words} ${rateNumber(x)}`, tone, dash }];
  const between = kneeBounds === null ? '' : ` (${kneeBounds.map(rateNumber).join(' to ')})`;
  return [
    ...mark(first, 'first refusals', REFUSED, 1),
    ...mark(found, 'full (knee)', OTHER, 0).map((one) => ({ ...one, label: `${one.label}${between}` })),
    ...mark(predictedKnee, 'predicted', 2, 2),
  ];
}

function refusals(limits: Found): string[] {
  const [first, knee] = [firstRefusalOf(limits), kneeOf(limits)];
  return [
    first === null
      ? 'No level was shown to be refused.'
      : `Refusals begin at ${levelInWords(limits, first)}.`,
    ...(knee === null ? [] : [`The gateway is full at ${levelInWords(limits, knee)}.`]),
  ];
}

function xAxis({ search }: Found, steps: readonly StepResult[]): PlotX {
  return search === 'rate'
    ? { unit: 'rate', label: 'requests per second', values: steps.map(levelOf) }
    : { unit: 'connections', label: 'connections', values: steps.map(levelOf) };
}

function look(tone: number, dash: number): Pick<PlotSeries, 'style' | 'tone' | 'dash'> {
  return { style: 'line', tone, dash };
}

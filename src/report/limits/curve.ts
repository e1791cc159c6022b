/** The curve: a bar per step, with what was accepted and the rest. */
import type { StepResult } from '../../analysis/limits/result.js';
import { count } from '../../text/numbers.js';
import { type Cell, grid, type Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { levelHead, shownSteps, stepName } from './steps.js';
import { type Found, isRefused } from './words.js';

const ACCEPTED = '█';
const REST = '░';
/** Minimum width of the first column, as in the other tables. */
const MIN_LABEL = 13;
const GAP = 2;

/** Fitted to the width by what a character stands for. Empty without a step. */
export function curveSection(limits: Found, columns: number, paint: Paint): string[] {
  const steps = shownSteps(limits);
  const largest = steps.reduce((most, step) => Math.max(most, total(limits, step)), 0);
  if (largest === 0) return [];
  const names = steps.map((step) => stepName(step));
  const labelWidth = names.reduce((most, name) => Math.max(most, name.length), MIN_LABEL);
  const each = niceUnit(largest / (columns - labelWidth - GAP));
  const rows = steps.map((step, i): Cell[] => [
    { text: names[i] as string },
    {
      text: bar(accepted(limits, step), total(limits, step), each, step.refused + step.failed > 0),
      ...(isRefused(step, limits)
        ? { paint: (cell: string) => cell.replace(/░+/, (rest) => paint('fail', rest)) }
        : {}),
    },
  ]);
  const heads = [
    { head: levelHead(limits), align: 'left', minWidth: labelWidth },
    { head: '', align: 'left' },
  ] as const;
  return [...grid(heads, rows, columns), ...paragraph('', [legend(limits, each)], 0, columns)];
}

function legend({ search }: Found, each: number): string {
  const size = each < 1 ? String(each) : count(each);
  return search === 'rate'
    ? `${ACCEPTED} answered, ${REST} refused or failed; ${size} per second each.`
    : `${ACCEPTED} accepted in flight, ${REST} refused, or waiting after it; ${size} each.`;
}

function accepted({ search }: Found, { goodput, acceptedInFlight }: StepResult): number {
  return search === 'rate' ? goodput : acceptedInFlight;
}

/** Requests that the level has at once, or per second. */
function total({ search, streams }: Found, { connections, offered }: StepResult): number {
  return search === 'rate' ? offered : (connections ?? 0) * streams;
}

/** @param hasRest something was refused or failed: else what rounding leaves is no rest */
function bar(part: number, whole: number, each: number, hasRest: boolean): string {
  const length = Math.max(Math.round(whole / each), 1);
  const filled = hasRest ? Math.min(Math.round(part / each), length) : length;
  return ACCEPTED.repeat(filled) + REST.repeat(length - filled);
}

/** The least step of the series …, 1, 2, 5, 10, 20, 50, … that is not smaller. */
function niceUnit(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((one) => power * one >= least) ?? 10;
  return Number((power * factor).toPrecision(1));
}

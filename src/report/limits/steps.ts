/** The steps: a table, and a bar for each. */
import { levelOf } from '../../analysis/limits/levels.js';
import type { StepResult } from '../../analysis/limits/result.js';
import { time } from '../../text/durations.js';
import { count } from '../../text/numbers.js';
import type { GridData, Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, more, number } from '../table/columns.js';
import { loadSteps, recoverySteps } from './find-steps.js';
import { type RankedColumn, rankedData, rankedGrid } from './optional-columns.js';
import { type Found, isRefused, rateNumber, shareInWords, sharePercent } from './words.js';

/** Levels with a row, those with most load; `--json` has them all. */
const MAX_STEPS = 40;

/** By level, recovery last. */
export function stepSection(limits: Found, columns: number, paint: Paint): string[] {
  const shown = shownSteps(limits);
  if (shown.length === 0) return [];
  return [
    ...rankedGrid(columnsFor(limits), shown, columns, paint),
    ...more(limits.levels.length + recoverySteps(limits).length - shown.length, 'levels with less load'),
    ...paragraph('', [stepCaveat(limits)], 0, columns),
  ];
}

/** What words of the table mean. */
export function stepCaveat({ refusalThreshold }: Found): string {
  return (
    `A level counts as refused if more than ${shareInWords(refusalThreshold)} is shown to be refused (95 % lower bound). ` +
    'In flight: accepted requests at once, on average.'
  );
}

/** All levels, recovery last, with all columns. */
export function stepTable(limits: Found): GridData {
  return rankedData(columnsFor(limits), [...loadSteps(limits), ...recoverySteps(limits)]);
}

/** `450`, `150 (recovery)` */
export function stepName(step: StepResult): string {
  const level = rateNumber(levelOf(step));
  return step.purpose === 'recovery' ? `${level} (recovery)` : level;
}

/** The steps that have rows and bars. */
export function shownSteps(limits: Found): StepResult[] {
  const recovery = recoverySteps(limits);
  return [...loadSteps(limits).slice(-MAX_STEPS), ...recovery];
}

/** Head of the column of levels. */
export const levelHead = ({ search }: Found) => (search === 'rate' ? 'Requests/s' : 'Connections');

function columnsFor(limits: Found): RankedColumn<StepResult>[] {
  const asked = limits.steps.some(({ overflows }) => overflows !== null);
  const counted = (of: 'pending' | 'active') => (step: StepResult) =>
    step.overflows?.[of] == null ? '-' : count(step.overflows[of]);
  return [
    { column: label(levelHead(limits)), cell: (step) => stepName(step), rank: 0 },
    { column: number('offered/s'), cell: ({ offered }) => rateNumber(offered), rank: 5 },
    { column: number('goodput/s'), cell: ({ goodput }) => rateNumber(goodput), rank: 0 },
    {
      column: number('refused %'),
      cell: (step) => ({
        text: sharePercent(step.refusedShare),
        ...(isRefused(step, limits) ? { meaning: 'fail' } : {}),
      }),
      rank: 0,
    },
    { column: number('in flight'), cell: ({ acceptedInFlight }) => rateNumber(acceptedInFlight), rank: 0 },
    { column: number('p50'), cell: ({ latencyUs }) => time(latencyUs.accepted.p50), rank: 2 },
    { column: number('p99'), cell: ({ latencyUs }) => time(latencyUs.accepted.p99), rank: 1 },
    ...(limits.steps.some(({ refused }) => refused > 0)
      ? [
          {
            column: number('refused p50'),
            cell: ({ latencyUs }: StepResult) => time(latencyUs.refused.p50),
            rank: 4,
          },
        ]
      : []),
    { column: number('open'), cell: ({ openConnections }) => count(openConnections), rank: 6 },
    ...(limits.steps.some(({ failed }) => failed > 0)
      ? [{ column: number('failed'), cell: ({ failed }: StepResult) => count(failed), rank: 1 }]
      : []),
    // Goodput counts answers of backends, whatever they say.
    ...(limits.steps.some(({ errors }) => errors > 0)
      ? [{ column: number('5xx'), cell: ({ errors }: StepResult) => count(errors), rank: 1 }]
      : []),
    ...(asked
      ? [
          { column: number('queue full'), cell: counted('pending'), rank: 3 },
          { column: number('requests full'), cell: counted('active'), rank: 3 },
        ]
      : []),
  ];
}

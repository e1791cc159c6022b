/** What each version does where the gateway is full. */
import { levelOf } from '../../analysis/limits/levels.js';
import type { StepResult, StepVersion } from '../../analysis/limits/result.js';
import { time } from '../../text/durations.js';
import { count } from '../../text/numbers.js';
import type { GridData } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, MAX_VERSIONS, more, number } from '../table/columns.js';
import { fullStep, kneeOf } from './find-steps.js';
import { type RankedColumn, rankedData, rankedGrid } from './optional-columns.js';
import { type Found, levelInWords, rateNumber, versionName } from './words.js';

/** At the step nearest above the knee; without a knee, at the highest. Empty where no version answered. */
export function versionSection(limits: Found, columns: number): string[] {
  const step = fullStep(limits);
  if (step === undefined || step.versions.length === 0) return [];
  const shown = step.versions.slice(0, MAX_VERSIONS);
  return [
    ...paragraph('', [versionHeading(limits, step)], 0, columns),
    ...rankedGrid(columnsFor(shown), shown, columns),
    ...more(step.versions.length - shown.length, 'versions'),
  ];
}

/** At which level it is. */
export function versionHeading(limits: Found, step: StepResult): string {
  const level = levelOf(step);
  const knee = kneeOf(limits);
  const which = knee === null || level < knee ? 'the highest step' : 'the first step from the knee on';
  return `Versions at ${levelInWords(limits, level)}, ${which}`;
}

export function versionTable({ versions }: StepResult): GridData {
  return rankedData(columnsFor(versions), versions);
}

function columnsFor(shown: readonly StepVersion[]): RankedColumn<StepVersion>[] {
  return [
    { column: label('Version'), cell: ({ version }) => versionName(version), rank: 0 },
    { column: number('goodput/s'), cell: ({ goodput }) => rateNumber(goodput), rank: 0 },
    { column: number('in flight'), cell: ({ acceptedInFlight }) => rateNumber(acceptedInFlight), rank: 0 },
    { column: number('p50'), cell: ({ latencyUs }) => time(latencyUs.accepted.p50), rank: 1 },
    { column: number('p90'), cell: ({ latencyUs }) => time(latencyUs.accepted.p90), rank: 3 },
    { column: number('p99'), cell: ({ latencyUs }) => time(latencyUs.accepted.p99), rank: 1 },
    ...(shown.some(({ refused }) => refused > 0)
      ? [{ column: number('refused'), cell: ({ refused }: StepVersion) => count(refused), rank: 2 }]
      : []),
  ];
}

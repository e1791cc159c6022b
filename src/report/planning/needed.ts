/** How many requests it takes, and how long. */
import type { PlanningResult } from '../../analysis/planning/result.js';
import { duration } from '../../text/durations.js';
import { count, plain, rate } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { type Column, grid } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { text as cells, label, number } from '../table/columns.js';

const WHY: Column = { head: 'so that', align: 'left', fit: 'wrap' };

export function neededSection({ needed }: PlanningResult, columns: number): string[] {
  const { requests, split, answers, times, untilVerdict } = needed;
  const rows = largest(answers).map((one) => {
    const who = one.version === null ? 'the whole run' : printable(one.version);
    const what =
      one.check === 'errors'
        ? `${count(one.answers)} answers of ${who} show less than ${one.limit} errors, if there are none`
        : `${count(one.answers)} answers of ${who} give an upper bound for ${one.limit}`;
    return cells(one.check, count(one.requests), what);
  });
  const splitRow =
    split === null
      ? []
      : [
          cells(
            'split',
            count(split.requests),
            `the shares pass${chance(split.passChance)}, if they are kept`,
          ),
        ];
  const verdictRow = cells(
    'the verdict',
    count(requests),
    times.map((one) => `${duration(one.seconds * 1000)} at ${rate(one.ratePerSecond)}`).join(' · '),
  );
  const lines = grid([label('Needed'), number('requests'), WHY], [...splitRow, ...rows, verdictRow], columns);
  if (untilVerdict === null) return lines;
  const { about, most, mostMs } = untilVerdict;
  const atMost = mostMs === null ? '' : `, and ${duration(mostMs)} (--max-time)`;
  const text = `A run without -n and -z sends until the verdict is known: about ${count(about)} requests if shares and errors are as they should be, at most ${count(most)} (--max-requests)${atMost}.`;
  return [...lines, ...paragraph('', [text], 0, columns)];
}

/** Of each kind of check the one that needs most, which is the version of least weight. */
function largest(answers: PlanningResult['needed']['answers']): PlanningResult['needed']['answers'] {
  return (['errors', 'latency'] as const).flatMap((check) => {
    const [most] = answers.filter((one) => one.check === check).sort((a, b) => b.requests - a.requests);
    return most === undefined ? [] : [most];
  });
}

function chance(fraction: number | null): string {
  return fraction === null ? '' : ` in ${plain(fraction * 100)} % of runs`;
}

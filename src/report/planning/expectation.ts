/** What is expected and from where, and whether it can come about. */
import type { PlanningResult } from '../../analysis/planning/result.js';
import { plain } from '../../text/numbers.js';
import { grid, type Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, MAX_VERSIONS, more, number, text } from '../table/columns.js';

export function expectationSection(
  { target, expectation, weights }: PlanningResult,
  columns: number,
  paint: Paint,
): string[][] {
  const { versions, from, rule, confidence, power } = expectation;
  const shown = versions.slice(0, MAX_VERSIONS);
  const rows = shown.map(({ version, weight, share, tolerance, bounds: [lo, hi] }) =>
    text(
      version,
      plain(weight),
      percentage(share),
      share === 0 ? 'none' : `± ${plain(tolerance * 100)}`,
      share === 0 ? '0' : `${percentage(lo)} – ${percentage(hi)}`,
    ),
  );
  const heads = [
    label('Expected'),
    number('weight'),
    number('share %'),
    number('tolerance pt'),
    number('passes within %'),
  ];
  const host = target.host === null ? '' : ` for ${target.host}`;
  const about = [
    `Weights from ${from ?? '--expect'}.`,
    ...(rule === null || rule === from
      ? []
      : [`${target.method} ${target.path}${host} is answered by ${rule}.`]),
    `Confidence ${plain(confidence * 100)} %; a run is as large as it must be for a split that is kept to pass in ${plain(power * 100)} % of runs.`,
  ];
  const table = grid(heads, rows, columns);
  return [
    [
      ...table,
      ...more(versions.length - shown.length, 'versions'),
      ...about.flatMap((line) => paragraph('', [line], 0, columns)),
    ],
    weightLines(weights, columns, paint),
  ];
}

function weightLines(
  { by, possible, portions, reasons }: PlanningResult['weights'],
  columns: number,
  paint: Paint,
): string[] {
  if (by === null) return [];
  const word = possible === false ? 'No' : possible === null ? 'Not known' : 'Yes';
  const kept = 'Can the weights come about?';
  const known = portions.every(({ pods }) => pods !== null);
  const pods = known ? 'Every version has pods.' : 'Whether each version has pods, the manifests do not say.';
  const how = by === 'weights' ? `The gateway divides requests by the rule's weights. ${pods}` : '';
  const texts = [...(possible === true && how !== '' ? [how] : []), ...reasons];
  const [first = '', ...rest] = paragraph('', [`${kept} ${word}. ${texts.join(' ')}`.trim()], 0, columns);
  return [possible === false ? first.replace(`${word}.`, paint('fail', `${word}.`)) : first, ...rest];
}

/** Four digits, without zeros at their end: `90`, `33.33`. */
function percentage(fraction: number): string {
  return String(Number((fraction * 100).toPrecision(4)));
}

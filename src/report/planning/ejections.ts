/** What to expect of ejections. */
import type { EjectionExpectation, PlanningResult } from '../../analysis/planning/result.js';
import { plain } from '../../text/numbers.js';
import { ruleInWords } from '../ejections/rules.js';
import { grid } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, MAX_VERSIONS, more, number, text } from '../table/columns.js';

export function ejectionSection({ ejections }: PlanningResult, columns: number): string[] {
  const shown = ejections.slice(0, MAX_VERSIONS);
  if (shown.length === 0) return [];
  const rows = shown.map((one) => {
    const [shortest, longest] = one.firstMs;
    return text(
      nameOf(one),
      `${seconds(shortest)} – ${seconds(longest)} s`,
      `${seconds(one.longestMs)} s`,
      out(one),
    );
  });
  const heads = [label('Ejections'), number('first'), number('longest'), number('out at once')];
  const byRule = new Map<string, string[]>();
  for (const one of shown)
    byRule.set(ruleInWords(one), [...(byRule.get(ruleInWords(one)) ?? []), nameOf(one)]);
  return [
    ...grid(heads, rows, columns),
    ...more(ejections.length - shown.length, 'rules'),
    ...[...byRule].flatMap(([rule, names]) => paragraph('-', [`${names.join(', ')}: ${rule}`], 2, columns)),
    ...paragraph(
      '',
      [
        'An ejection ends at the sweep after its time, and a client may see either end up to 1.1 s late. Each replica of the gateway counts and ejects for itself.',
      ],
      0,
      columns,
    ),
  ];
}

function nameOf({ version }: EjectionExpectation): string {
  return version ?? 'all versions';
}

function out({ endpoints, maxOut, maxEjectionPercent }: EjectionExpectation): string {
  return maxOut === null ? `${plain(maxEjectionPercent)} %` : `${maxOut} of ${endpoints}`;
}

function seconds(ms: number): string {
  return plain(ms / 1000);
}

/** How often smaller runs pass, by what the gateway really does. */
import type { PlanningResult } from '../../analysis/planning/result.js';
import { count, plain } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { grid } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, number, text } from '../table/columns.js';

export function smallerRunsSection({ smallerRuns, expectation }: PlanningResult, columns: number): string[] {
  const { truths, version, runs } = smallerRuns;
  if (truths.length < 2) return [];
  const name = printable(version);
  const at = expectation.versions.findIndex((one) => one.version === version);
  const heads = truths.map(({ kind, shares }) => {
    const share = `${plain((shares[at] ?? 0) * 100)} %`;
    return number(kind === 'kept' ? `kept: ${share}` : share);
  });
  const names = {
    curls: (requests: number) => `${count(requests)} curls by eye`,
    conformance: () => 'conformance test',
    run: (requests: number) => `run -n ${requests}`,
  };
  const rows = runs.map(({ kind, requests, passes }) => text(names[kind](requests), ...passes.map(chance)));
  return [
    ...paragraph('', [`How often a run passes if ${name} really gets`], 0, columns),
    ...grid([label(''), ...heads], rows, columns),
    ...paragraph(
      '',
      [
        `By eye: ${name} answers at all. Conformance test: that of the Gateway API, 500 requests ± 5 points, one of ten tries is enough. ` +
          'run: the split alone; a run that does not pass fails or is inconclusive.',
      ],
      0,
      columns,
    ),
  ];
}

/** `35 %`, `< 0.1 %`; `-` for none. */
function chance(fraction: number | null): string {
  if (fraction === null) return '-';
  if (fraction > 0 && fraction < 0.001) return '< 0.1 %';
  if (fraction < 1 && fraction > 0.999) return '> 99.9 %';
  return `${plain(Math.round(fraction * 1000) / 10)} %`;
}

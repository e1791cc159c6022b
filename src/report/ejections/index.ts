/** The sections of the terminal report on endpoints that were taken out of rotation. */
import type { RunResult } from '../../analysis/result.js';
import type { Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { episodeSection } from './episodes.js';
import { gatewaySection } from './gateway.js';
import { ruleSection } from './rules.js';
import { timelineSection } from './timeline.js';
import { windowSection } from './windows.js';

/** At most so many remarks are shown; usually there are fewer. */
const MAX_REMARKS = 12;

/** Sections on windows, timeline, episodes, rules and what the gateway reports. A section is empty if it has nothing to show. */
export function ejectionSections({ ejections }: RunResult, columns: number, paint: Paint): string[][] {
  if (ejections === null) return [];
  const { windows, episodes, timeline, rules, gateway, remarks } = ejections;
  // Without windows and episodes the timeline shows nothing of interest.
  const happened = windows.length > 0 || episodes.length > 0;
  const limits = remarks.slice(0, MAX_REMARKS).flatMap((remark) => paragraph('-', [remark], 2, columns));
  return [
    [...windowSection(windows, columns, paint), ...limits],
    happened ? timelineSection(timeline, columns, paint) : [],
    episodeSection(episodes, columns),
    ruleSection(rules, columns, paint),
    gatewaySection(gateway, windows, columns),
  ];
}

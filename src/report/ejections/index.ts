/** The part of the terminal report that says who was taken out of rotation. */
import type { RunResult } from '../../analysis/result.js';
import type { Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { episodeSection } from './episodes.js';
import { gatewaySection } from './gateway.js';
import { ruleSection } from './rules.js';
import { timelineSection } from './timeline.js';
import { windowSection } from './windows.js';

/** Remarks that are shown; there are not as many. */
const MAX_REMARKS = 12;

/** Windows, timeline, episodes, rules, the gateway's word: each empty when there is nothing to say. */
export function ejectionSections({ ejections }: RunResult, columns: number, paint: Paint): string[][] {
  if (ejections === null) return [];
  const { windows, episodes, timeline, rules, gateway, remarks } = ejections;
  // A run in which nothing happened needs no picture of it.
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

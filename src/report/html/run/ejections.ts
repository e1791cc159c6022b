/** Endpoints that were taken out of rotation. */
import type { RunResult } from '../../../analysis/result.js';
import { windowTable } from '../../ejections/windows.js';
import { type Section, section } from '../frame/section.js';
import { tableMarkup } from '../frame/table.js';

/** Rows of windows. */
const MAX_WINDOWS = 200;

/** Empty where nothing was out. */
export function ejectionSection({ ejections }: RunResult): Section[] {
  const windows = ejections?.windows ?? [];
  if (windows.length === 0) return [];
  const table = windowTable(windows);
  return [
    section(
      'ejections',
      'Ejections',
      tableMarkup('When endpoints got no requests, and why', table, MAX_WINDOWS),
    ),
  ];
}

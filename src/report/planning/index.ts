/** The report of `weighbridge plan` for people at a terminal. */
import type { PlanningResult } from '../../analysis/planning/result.js';
import { page, pageColumns } from '../layout/page.js';
import { painter } from '../layout/paint.js';
import { noteSections } from '../table/notes.js';
import type { TableOptions } from '../table.js';
import { breakerSection } from './breakers.js';
import { ejectionSection } from './ejections.js';
import { expectationSection } from './expectation.js';
import { neededSection } from './needed.js';
import { smallerRunsSection } from './smaller-runs.js';

/** Every line is at most `columns` wide and the last ends in a newline. */
export function planningReport(result: PlanningResult, options: TableOptions): string {
  const columns = pageColumns(options.columns);
  const paint = painter(options.color);
  const sections = [
    ...expectationSection(result, columns, paint),
    neededSection(result, columns),
    smallerRunsSection(result, columns),
    breakerSection(result, columns),
    ejectionSection(result, columns),
    ...noteSections(result.notes, columns, options.explain === true),
  ];
  return page(sections, columns);
}

/** The report for people at a terminal: 60 to 200 columns, a verdict first, details below. */
import type { RunResult } from '../analysis/result.js';
import { ejectionSections } from './ejections/index.js';
import { page, pageColumns } from './layout/page.js';
import { painter } from './layout/paint.js';
import { aboutSection } from './table/about.js';
import { addressSection } from './table/addresses.js';
import { comparisonSection } from './table/comparisons.js';
import { endpointSection } from './table/endpoints.js';
import { errorSection } from './table/errors.js';
import { histogramSection } from './table/histogram.js';
import { latencySections } from './table/latency.js';
import { noteSections } from './table/notes.js';
import { splitSection } from './table/split.js';
import { statusSection } from './table/statuses.js';
import { notesBelow, summarySection } from './table/summary.js';

export interface TableOptions {
  /** Width of the terminal; taken as 60 to 200. */
  readonly columns: number;
  readonly color: boolean;
  /** Also says how expectations were derived; default: no, only how many notes do. */
  readonly explain?: boolean;
  /** Default: true. */
  readonly histogram?: boolean;
  /** Percentiles of times, in their order; default: 50, 90, 95, 99 and 99.9. */
  readonly percentiles?: readonly number[] | undefined;
}

/** The whole report; every line is at most `columns` wide and the last ends in a newline. */
export function tableReport(result: RunResult, options: TableOptions): string {
  const columns = pageColumns(options.columns);
  const paint = painter(options.color);
  const sections = [
    summarySection(result, columns, paint),
    aboutSection(result, columns),
    splitSection(result, columns, paint),
    ...latencySections(result, columns, options.percentiles),
    options.histogram === false ? [] : histogramSection(result, columns),
    comparisonSection(result, columns),
    statusSection(result, columns),
    errorSection(result, columns),
    ...ejectionSections(result, columns, paint),
    endpointSection(result, columns),
    addressSection(result, columns),
    ...noteSections(notesBelow(result), columns, options.explain === true),
  ];
  return page(sections, columns);
}

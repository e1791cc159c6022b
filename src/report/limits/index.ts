/** The report of `weighbridge limits` for people at a terminal. */
import type { LimitsResult } from '../../analysis/limits/result.js';
import { page, pageColumns } from '../layout/page.js';
import { painter } from '../layout/paint.js';
import { noteSections } from '../table/notes.js';
import type { TableOptions } from '../table.js';
import { answerSection } from './answer.js';
import { caveatSection } from './caveats.js';
import { curveSection } from './curve.js';
import { gatewaySection } from './gateway.js';
import { predictionSection } from './prediction.js';
import { refusalSection } from './refusals.js';
import { stepSection } from './steps.js';
import { versionSection } from './versions.js';

/** Every line is at most `columns` wide and the last ends in a newline. */
export function limitsReport(result: LimitsResult, options: TableOptions): string {
  const columns = pageColumns(options.columns);
  const paint = painter(options.color);
  const { limits } = result;
  const sections = [
    answerSection(result, columns, paint),
    stepSection(limits, columns, paint),
    curveSection(limits, columns, paint),
    versionSection(limits, columns),
    refusalSection(result, columns),
    predictionSection(result, columns),
    gatewaySection(result, columns),
    caveatSection(result, columns),
    ...noteSections(result.notes, columns, options.explain === true),
  ];
  return page(sections, columns);
}

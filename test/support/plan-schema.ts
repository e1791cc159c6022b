/** docs/plan.schema.json as a check. */
import type { PlanningResult } from '../../src/analysis/planning/result.js';
import { readerOf } from './schema.js';

/** Reads the text as what `weighbridge plan --json` writes: whole JSON, valid by the schema. */
export const readPlanning = readerOf<PlanningResult>('plan');

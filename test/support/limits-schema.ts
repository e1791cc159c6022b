/** docs/limits.schema.json as a check. */
import type { LimitsResult } from '../../src/analysis/limits/result.js';
import { readerOf } from './schema.js';

/** Reads the text as what `weighbridge limits --json` writes: whole JSON, valid by the schema. */
export const readLimits = readerOf<LimitsResult>('limits');

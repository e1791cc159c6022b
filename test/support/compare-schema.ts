/** docs/compare.schema.json as a check. */
import type { CompareResult } from '../../src/analysis/compare/result.js';
import { readerOf } from './schema.js';

/** Reads the text as what `weighbridge compare --json` writes: whole JSON, valid by the schema. */
export const readComparison = readerOf<CompareResult>('compare');

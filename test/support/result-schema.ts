/** docs/result.schema.json as a check. */
import assert from 'node:assert/strict';
import type { RunResult } from '../../src/analysis/result.js';
import { readerOf } from './schema.js';

const read = readerOf<RunResult>('result', { strictRequired: false });

/** Reads the text as a result: whole JSON, valid by the schema, and with every request in one place. */
export function readResult(text: string): RunResult {
  const result = read(text);
  const { scheduled, attributed, unattributed, failed, cutOff } = result.requests;
  assert.equal(attributed + unattributed + failed + cutOff, scheduled);
  return result;
}

/** docs/result.schema.json as a check. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RunResult } from '../../src/analysis/result.js';
import { packageRoot } from '../../src/io/package-root.js';

const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
}).compile(JSON.parse(readFileSync(join(packageRoot(), 'docs', 'result.schema.json'), 'utf8')));

/** Reads the text as a result: whole JSON, valid by the schema, and with every request in one place. */
export function readResult(text: string): RunResult {
  const result = JSON.parse(text) as RunResult;
  assert.ok(validate(result), JSON.stringify(validate.errors, null, 2));
  const { scheduled, attributed, unattributed, failed, cutOff } = result.requests;
  assert.equal(attributed + unattributed + failed + cutOff, scheduled);
  return result;
}

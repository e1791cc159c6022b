/** docs/limits.schema.json as a check. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { LimitsResult } from '../../src/analysis/limits/result.js';
import { packageRoot } from '../../src/io/package-root.js';

const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(packageRoot(), 'docs', 'limits.schema.json'), 'utf8')),
);

/** Reads the text as what `weighbridge limits --json` writes: whole JSON, valid by the schema. */
export function readLimits(text: string): LimitsResult {
  const result = JSON.parse(text) as LimitsResult;
  assert.ok(validate(result), JSON.stringify(validate.errors, null, 2));
  return result;
}

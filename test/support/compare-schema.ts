/** docs/compare.schema.json as a check. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { CompareResult } from '../../src/analysis/compare/result.js';
import { packageRoot } from '../../src/io/package-root.js';

const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(packageRoot(), 'docs', 'compare.schema.json'), 'utf8')),
);

/** Reads the text as what `weighbridge compare --json` writes: whole JSON, valid by the schema. */
export function readComparison(text: string): CompareResult {
  const result = JSON.parse(text) as CompareResult;
  assert.ok(validate(result), JSON.stringify(validate.errors, null, 2));
  return result;
}

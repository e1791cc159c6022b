/** The JSON schemas in docs/ as checks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import { packageRoot } from '../../src/io/package-root.js';

/**
 * What reads a text as JSON by docs/NAME.schema.json: whole, and valid by it.
 *
 * @param options of ajv, beside the strict ones
 */
export function readerOf<Result>(name: string, options: Options = {}): (text: string) => Result {
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, ...options }).compile(
    JSON.parse(readFileSync(join(packageRoot(), 'docs', `${name}.schema.json`), 'utf8')),
  );
  return (text) => {
    const result = JSON.parse(text) as Result;
    assert.ok(validate(result), JSON.stringify(validate.errors, null, 2));
    return result;
  };
}

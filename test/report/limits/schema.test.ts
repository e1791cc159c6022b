import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { reportFlags } from '../../../src/cli/options/output.js';
import { packageRoot } from '../../../src/io/package-root.js';
import { LIMITS_REPORTS } from '../../../src/report/index.js';
import { foundByRate, foundKnee, noRefusals } from '../../support/limits-results.js';
import { readLimits } from '../../support/limits-schema.js';

interface Schema {
  readonly type?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

test('the JSON of every made-up result is as the schema says', async () => {
  const [json] = LIMITS_REPORTS.files;
  for (const result of [
    foundKnee(),
    noRefusals(),
    foundByRate(),
    noRefusals({ steps: [] }, { ended: 'interrupted' }),
  ]) {
    const text = (await json?.render(result)) ?? '';
    assert.deepEqual(readLimits(text), result);
  }
});

test('the schema allows no other fields and none to be missing, and says what each is', () => {
  const walk = (schema: Schema, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    if (schema.properties !== undefined) {
      assert.deepEqual(schema.required, Object.keys(schema.properties), path);
      assert.equal(schema.additionalProperties, false, path);
      for (const [name, one] of Object.entries(schema.properties)) {
        assert.ok((one.description ?? '') !== '', `${path}.${name}`);
      }
    }
    for (const [name, one] of Object.entries(schema)) {
      if (typeof one === 'object') walk(one as Schema, `${path}.${name}`);
    }
  };
  const text = readFileSync(join(packageRoot(), 'docs', 'limits.schema.json'), 'utf8');
  const { properties, required, additionalProperties, $defs } = JSON.parse(text);
  walk({ properties, required, additionalProperties }, '$');
  for (const [name, one] of Object.entries($defs as Record<string, Schema>)) walk(one, name);
});

test('the reports of limits: JSON, HTML and CSV to a file each, CSV to a folder too', async () => {
  assert.deepEqual(Object.keys(reportFlags(LIMITS_REPORTS)), ['json', 'html', 'csv', 'csv-dir']);
  assert.match(await LIMITS_REPORTS.table(foundKnee(), { columns: 80, color: false }), /^PASS /);
  const csv = LIMITS_REPORTS.files.find(({ flag }) => flag === 'csv');
  assert.match((await csv?.render(foundKnee())) ?? '', /^row,step,purpose,/);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertNoStack, weighbridge } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { scratch } from './sample-lab.js';

test('the demo weighs three splits, says where the files are, and ends with 0', async (t) => {
  const out = join(scratch(t), 'reports');
  // 12,000 requests see a share of 10 % to 0.27 points: chance spoils one of both passes once in 10^7 demos.
  const end = await weighbridge(t, ['demo', '--requests', '12000', '--out', out]);
  assert.equal(end.status, 0, end.stdout + end.stderr);
  assertNoStack(end.stderr);
  for (const [name, verdict] of [
    ['kept', 'pass'],
    ['off-by-5', 'fail'],
    ['failing-version', 'pass'],
  ]) {
    const result = readResult(readFileSync(join(out, `${name}.json`), 'utf8'));
    assert.equal(result.verdict, verdict, name);
    assert.match(end.stdout, new RegExp(`${name}\\.csv`));
  }
  const failing = readResult(readFileSync(join(out, 'failing-version.json'), 'utf8'));
  assert.ok((failing.overall.statuses['500'] ?? 0) > 0, JSON.stringify(failing.overall.statuses));
});

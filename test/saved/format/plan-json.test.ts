import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFromJson, planToJson } from '../../../src/saved/format/plan-json.js';
import { planFromFlags } from '../../support/flags.js';

test('a plan that a version without error codes has saved: every 5xx counts', async () => {
  const plan = await planFromFlags('http://127.0.0.1:1', { 'eject-after': '3' });
  const json = JSON.parse(planToJson(plan));
  assert.deepEqual(planFromJson(JSON.stringify(json)).ejection, plan.ejection);
  for (const rule of json.ejection) delete rule.errorCodes;
  assert.deepEqual(planFromJson(JSON.stringify(json)).ejection, plan.ejection);
  for (const rule of json.ejection) rule.errorCodes = '503';
  assert.throws(() => planFromJson(JSON.stringify(json)), /errorCodes/);
});

/** A fault as the pre-flight says it and as the load counts it. */
import assert from 'node:assert/strict';
import { UserError } from '../../src/errors.js';
import type { Plan } from '../../src/plan/plan.js';
import { checkGateway } from '../../src/probes/preflight/check-gateway.js';
import { runEngine } from './engine.js';
import { said } from './flags.js';

/** What the pre-flight says, and under which name the load counts the same fault. */
export async function refusal(plan: Plan): Promise<{ message: string; outcomes: Record<string, number> }> {
  const error = await checkGateway(plan).then(
    () => assert.fail('the pre-flight passed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.exitCode, 4);
  return { message: said(error), outcomes: (await runEngine(plan)).outcomes };
}

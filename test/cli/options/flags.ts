/** Options as the parser gives them, for tests that start no process. */
import type { Flags } from '../../../src/cli/options/flags.js';
import { planFromFlags } from '../../../src/cli/options/plan-from-flags.js';
import type { Plan } from '../../../src/plan/plan.js';

/** A plan from options; `stdin` is what `-f -` reads. */
export function planOf(url: string | undefined, flags: Flags = {}, stdin = ''): Promise<Plan> {
  return planFromFlags(url, flags, async () => stdin);
}

/** Options as the parser gives them, for tests that start no process. */

import { namingFlags } from '../../src/cli/options/flag-names.js';
import type { Flags } from '../../src/cli/options/flags.js';
import { parseWeights } from '../../src/cli/options/judge.js';
import { parsePlan } from '../../src/cli/options/run.js';
import { UserError } from '../../src/errors.js';
import { expectedVersions } from '../../src/plan/expectations.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { readManifests } from '../../src/plan/manifests/index.js';
import type { ExpectedVersion, Plan } from '../../src/plan/plan.js';
import type { PlanOptions } from '../../src/plan/plan-options.js';

/** What `--expect` makes of texts. */
export function parseExpect(texts: readonly string[]): ExpectedVersion[] {
  return expectedVersions(parseWeights(texts));
}

/** The error's message as the command line reports it: with the names of flags. */
export function said(error: UserError): string {
  return namingFlags(error).message;
}

/** The plan that `weighbridge run URL` makes of flags (long names); `stdin` is what `-f -` reads. */
export async function planFromFlags(url: string | undefined, flags: Flags = {}, stdin = ''): Promise<Plan> {
  try {
    const options = parsePlan(url, flags);
    return await makePlan({ ...options, ...(await manifestsFrom(options, stdin)) });
  } catch (error) {
    throw error instanceof UserError ? namingFlags(error) : error;
  }
}

/** Manifests of which one is standard input. */
async function manifestsFrom(
  { manifests }: PlanOptions,
  stdin: string,
): Promise<Pick<PlanOptions, 'manifests'>> {
  const sources = Array.isArray(manifests) ? (manifests as readonly string[]) : [];
  return sources.includes('-') ? { manifests: await readManifests(sources, async () => stdin) } : {};
}

/** The first requests of a run as they are sent: which rule takes a request is asked of these. */
import type { LoadPlan } from '../plan.js';
import { fill } from './fill.js';
import { readTemplate } from './request-template.js';

/** What rules look at and values may stand in. */
interface Looked {
  /** Path and query; null if none is given. */
  readonly path: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * The first requests of the run's first worker, on its first connection.
 *
 * @returns one without values for a request that has none
 * @throws OptionError for double braces that are no value
 */
export function sampleRequests(
  { path, headers }: Looked,
  { seed, threads }: Pick<LoadPlan, 'seed' | 'threads'>,
  requests: number,
): [Looked, ...Looked[]] {
  const template = readTemplate({ path: path ?? '', headers, body: null });
  if (template === null) return [{ path, headers }];
  const numbers = { seed, worker: 0, workers: threads };
  const sample = (sequence: number): Looked => ({
    path: path === null ? null : fill(template.path, numbers, sequence, 1),
    headers: template.headers.map(([name, value]) => [name, fill(value, numbers, sequence, 1)]),
  });
  return [sample(0), ...Array.from({ length: requests - 1 }, (_, index) => sample(index + 1))];
}

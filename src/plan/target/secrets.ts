/** What of a plan is never shown. */
import type { Plan } from '../plan.js';

/** Stands for a value that no report and no file shows. */
const SECRET = '(secret)';

/** The request headers, the values of secret ones replaced. */
export function shownHeaders({ target, secretHeaders }: Plan): [name: string, value: string][] {
  const secret = new Set(secretHeaders);
  return target.headers.map(([name, value]) => [name, secret.has(name.toLowerCase()) ? SECRET : value]);
}

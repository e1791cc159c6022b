/** Hides the values of secret headers. */
import type { Plan } from '../plan.js';

/** Stands for a value that no report and no file shows. */
const SECRET = '(secret)';

/** The request headers; values of secret ones are replaced. */
export function shownHeaders({ target, secretHeaders }: Plan): [name: string, value: string][] {
  const secret = new Set(secretHeaders);
  return target.headers.map(([name, value]) => [name, secret.has(name.toLowerCase()) ? SECRET : value]);
}

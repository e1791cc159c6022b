/** Lists in sentences. */
import { count } from './numbers.js';

/** `a, b and 3 more` */
export function listed(names: readonly string[], max: number): string {
  const shown = names.slice(0, max).join(', ');
  return names.length > max ? `${shown} and ${count(names.length - max)} more` : shown;
}

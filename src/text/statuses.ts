/** HTTP statuses in sentences. */
import { listed } from './lists.js';

/** Statuses named in a sentence. */
const NAMED = 8;

/** What counts as an error: `5xx`, or some statuses: `429, 503`. */
export function errorsInWords(statuses: readonly number[] | null): string {
  return statuses === null ? '5xx' : listed(statuses.map(String), NAMED);
}

/** Parts of sentences about a result. */

/** Labels are shown up to this length in a sentence. */
const MAX_LABEL = 40;

/** A label from the network in quotation marks, cut where it is long. */
export function quoted(label: string): string {
  return JSON.stringify(label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label);
}

/** The result as JSON text, by docs/result.schema.json. */
import type { RunResult } from '../analysis/result.js';

/**
 * Indented JSON with a newline at the end. Control and invisible characters are written as `\u` escapes, which mean the
 * same to every JSON reader: labels come from the network, and `--json -` may print to a terminal.
 */
export function jsonReport(result: RunResult): string {
  return jsonText(result);
}

/** As {@link jsonReport}, for any plain data. */
export function jsonText(data: object): string {
  const text = JSON.stringify(data, null, 2);
  return `${text.replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, escaped)}\n`;
}

function escaped(character: string): string {
  let text = '';
  for (let i = 0; i < character.length; i++) {
    text += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return text;
}

/** The result as JSON text, by docs/result.schema.json. */
import type { RunResult } from '../analysis/result.js';
import { jsonEscaped } from '../text/printable.js';

/**
 * Indented JSON with a newline at the end. Control and invisible characters are written as `\u` escapes, which mean the
 * same to every JSON reader: labels come from the network, and `--json -` may print to a terminal.
 */
export function jsonReport(result: RunResult): string {
  return jsonText(result);
}

/** As {@link jsonReport}, for any plain data. A list of numbers takes one line. */
export function jsonText(data: object): string {
  return `${jsonEscaped(JSON.stringify(data, null, 2).replace(NUMBERS, onOneLine))}\n`;
}

/** Of indented JSON. A text cannot contain one: its line ends are `\n`. */
const NUMBERS = /\[\n[ \d\n,.eE+-]+\]/g;

function onOneLine(list: string): string {
  return list.replace(/\n */g, ' ').replace('[ ', '[').replace(' ]', ']');
}

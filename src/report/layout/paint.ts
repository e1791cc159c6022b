/** Colours of a report. */
import type { Paint } from './grid.js';

/** SGR parameters: green, red, yellow. */
const COLORS = { pass: '32', fail: '31', inconclusive: '33' } as const;

/** Bold and coloured by meaning, or unchanged. */
export function painter(color: boolean): Paint {
  return (meaning, text) => (color ? `\u001b[1;${COLORS[meaning]}m${text}\u001b[22;39m` : text);
}

/** Fainter than other text, or unchanged. */
export function fainter(color: boolean): (text: string) => string {
  return (text) => (color ? `\u001b[2m${text}\u001b[22m` : text);
}

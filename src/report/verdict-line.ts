/** The verdict, with what decided it: the first lines of a report. */
import type { Verdict } from '../analysis/verdict.js';
import type { Paint } from './layout/grid.js';
import { paragraph } from './layout/page.js';

/** How far the lines below a verdict are indented. */
export function verdictIndent(verdict: Verdict | null): number {
  return verdict === null ? 0 : verdict.length + 2;
}

/** `PASS  v2 got 10.3 % (10 % ± 2)`; empty without a verdict. */
export function verdictLines(verdict: Verdict | null, text: string, columns: number, paint: Paint): string[] {
  if (verdict === null) return [];
  const word = verdict.toUpperCase();
  const [first = '', ...more] = paragraph(word, [text], verdictIndent(verdict), columns);
  return [`${paint(verdict, word)}${first.slice(word.length)}`, ...more];
}

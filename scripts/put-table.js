// Puts a table that a script made into a document, between the comments that bear its name.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * @param file the document
 * @param name of the table: it stands between `<!-- table: NAME -->` and `<!-- /table: NAME -->`
 * @param lines what stands there from now on
 */
export function putTable(file, name, lines) {
  const [begin, end] = [`<!-- table: ${name} -->`, `<!-- /table: ${name} -->`];
  const text = readFileSync(file, 'utf8');
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${file} has no ${begin} … ${end}`);
  writeFileSync(file, `${text.slice(0, before + begin.length)}\n${lines.join('\n')}\n${text.slice(after)}`);
}

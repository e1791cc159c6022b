/** JSON documents one after the other in one text, as `jq` and some tools print them. YAML asks for `---` between documents. */

/**
 * Where each document begins. A text that is not such a stream is one document: JSON has neither `'` nor `#` outside of its
 * strings, and only another document can follow one without a comma.
 */
export function documentStarts(text: string): readonly number[] {
  const starts = [0];
  if (!/^\s*[{[]/.test(text)) return starts;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = stringEnd(text, at);
    else if (char === "'" || char === '#') return [0];
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth > 0) continue;
      const next = nextToken(text, at + 1);
      if (text[next] !== '{' && text[next] !== '[') return starts;
      starts.push(next);
    }
  }
  return starts;
}

/** The quote at the end of the string that begins here, or the end of the text. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function nextToken(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}

/** Several texts as one stream of documents. */
import { lineEndAt } from './text-edits.js';

/**
 * kubectl takes a stream that begins with `{` for JSON alone and fails at the first `---`; this line before it
 * keeps it from that.
 */
const NOT_JSON = '--- # what follows is YAML, though it begins as JSON does';

/** The texts one after the other, with `---` between them. */
export function joinDocuments(texts: readonly string[]): string {
  const joined = texts.reduce((before, text) => {
    const newLine = lineEndAt(before, 0);
    const ended = before === '' || before.endsWith('\n') ? '' : newLine;
    // Directives stand before the `---` of their document, and need the end of the one before.
    const mark = text.startsWith('%') ? `...${newLine}` : text.startsWith('---') ? '' : `---${newLine}`;
    return before + ended + mark + text;
  });
  return texts.length > 1 && beginsAsJson(joined) ? `---${lineEndAt(joined, 0)}${joined}` : joined;
}

/** The text as kubectl reads it when more documents follow. */
export function markAsYaml(text: string): string {
  return beginsAsJson(text) ? `${NOT_JSON}${lineEndAt(text, 0)}${text}` : text;
}

/** The inverse of `markAsYaml`. */
export function unmarkAsYaml(text: string): string {
  return text.startsWith(NOT_JSON) ? text.slice(text.indexOf('\n') + 1) : text;
}

function beginsAsJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

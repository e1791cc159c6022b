/** Joins several texts to one stream of YAML documents. */
import { UserError } from '../errors.js';
import { documentStarts } from '../plan/manifests/json-stream.js';
import type { SourceText } from '../plan/manifests/sources.js';
import { lineEndAt } from './text-edits.js';

/**
 * kubectl reads a stream that begins with `{` as JSON only, and fails at the first `---`. With this line before it,
 * kubectl reads the stream as YAML.
 */
const NOT_JSON = '--- # what follows is YAML, though it begins as JSON does';

/**
 * Checks that other documents can follow these texts.
 *
 * @throws UserError for JSON documents one after the other: kubectl reads those only if the whole stream is JSON
 */
export function requireJoinable(sources: readonly SourceText[]): void {
  const stream = sources.find(({ text }) => documentStarts(text).length > 1);
  if (stream === undefined) return;
  throw new UserError(
    `${stream.name} has JSON documents one after the other, and no other document can follow them. Make a list of them first: jq -s '{apiVersion: "v1", kind: "List", items: .}'`,
  );
}

/** The texts in order, with `---` between them. */
export function joinDocuments(texts: readonly string[]): string {
  const joined = texts.reduce((before, text) => {
    const newLine = lineEndAt(before, 0);
    const ended = before === '' || before.endsWith('\n') ? '' : newLine;
    // Directives precede the `---` of their document, and the previous document must be ended before them.
    const mark = text.startsWith('%') ? `...${newLine}` : text.startsWith('---') ? '' : `---${newLine}`;
    return before + ended + mark + text;
  });
  return texts.length > 1 && beginsAsJson(joined) ? `---${lineEndAt(joined, 0)}${joined}` : joined;
}

/** Marks a text that begins with `{` as YAML, because more documents will follow. */
export function markAsYaml(text: string): string {
  return beginsAsJson(text) ? `${NOT_JSON}${lineEndAt(text, 0)}${text}` : text;
}

/** Removes the mark of `markAsYaml`. */
export function unmarkAsYaml(text: string): string {
  return text.startsWith(NOT_JSON) ? text.slice(text.indexOf('\n') + 1) : text;
}

function beginsAsJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

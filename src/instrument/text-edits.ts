/** Changes to a text, each a range replaced by another text. */
import type { Field } from '../plan/manifests/fields.js';

export interface Edit {
  /** Offsets in the text, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What is changed, for messages. */
  readonly where: Field;
}

/** The text with all changes made; they may not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Where the line begins that holds the offset. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line ends that holds the offset, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : beforeLineEnd(text, at);
}

/** Where the line before ends, before its line end; 0 in the first line. */
export function previousLineEnd(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return start === 0 ? 0 : beforeLineEnd(text, start - 1);
}

/** The line end used around the offset: what ends its line, else the first of the text. */
export function lineEndAt(text: string, offset: number): '\n' | '\r\n' {
  const here = text.indexOf('\n', offset);
  const at = here < 0 ? text.indexOf('\n') : here;
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

function beforeLineEnd(text: string, newline: number): number {
  return text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Edits of a text: each replaces a range by another text. */
import type { Field } from '../plan/manifests/fields.js';

export interface Edit {
  /** Offsets in the text, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The field that is changed, for messages. */
  readonly where: Field;
}

/** The text with all edits made. They must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** The start of the line that contains the offset. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The end of the line that contains the offset, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : beforeLineEnd(text, at);
}

/** The end of the previous line, before its line break; 0 in the first line. */
export function previousLineEnd(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return start === 0 ? 0 : beforeLineEnd(text, start - 1);
}

/** The line break used at the offset: that of its line, or else the first one of the text. */
export function lineEndAt(text: string, offset: number): '\n' | '\r\n' {
  const here = text.indexOf('\n', offset);
  const at = here < 0 ? text.indexOf('\n') : here;
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

function beforeLineEnd(text: string, newline: number): number {
  return text[newline - 1] === '\r' ? newline - 1 : newline;
}

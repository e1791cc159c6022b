/** What a note is to a reader, beside its text. */
import { noteKind } from '../plan/note-code.js';
import type { Note } from '../plan/plan.js';
import type { ResultNote } from './result.js';

export function withKind({ code, text }: Note): ResultNote {
  return { code, kind: noteKind(code), text };
}

/** Makes notes from a result: none, one, or several of a subject. */
import type { NoteCode } from '../../plan/note-code.js';
import type { Note } from '../../plan/plan.js';
import type { RunResult } from '../result.js';

export type NoteMaker = (result: RunResult) => Note[];

export function note(code: NoteCode, text: string): Note {
  return { code, text };
}

/** Three significant digits, so that a small part does not read 0 %. */
export function percentOf(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Number(((part / whole) * 100).toPrecision(3))} %`;
}

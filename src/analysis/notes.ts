/** The notes that follow from a result alone: a function per subject, in notes/. */
import type { Note } from '../plan/plan.js';
import { ejectionNotesOn } from './ejections/notes.js';
import type { Finding } from './findings/finding.js';
import { generatorLimits } from './generator-limits.js';
import { BOUNDS_NOTES } from './notes/bounds-notes.js';
import { findingNotes } from './notes/finding-notes.js';
import { GATEWAY_NOTES } from './notes/gateway-notes.js';
import { LOAD_NOTES } from './notes/load-notes.js';
import type { NoteMaker } from './notes/note-maker.js';
import { SPLIT_NOTES } from './notes/split-notes.js';
import type { RunResult } from './result.js';

/** In the order in which they matter. */
const NOTE_MAKERS: readonly NoteMaker[] = [
  generatorLimits,
  ...SPLIT_NOTES,
  ...GATEWAY_NOTES,
  ejectionNotesOn,
  ...LOAD_NOTES,
  ...BOUNDS_NOTES,
];

/** @param findings also where nothing is judged, so that the result has none */
export function notesOn(result: RunResult, findings: readonly Finding[]): Note[] {
  return [...findingNotes(findings), ...NOTE_MAKERS.flatMap((make) => make(result))];
}

/** The notes that follow from a result alone: a function per subject, in notes/. */
import type { Note } from '../plan/plan.js';
import { addressDiffers } from './address-differs.js';
import { ejectionNotesOn } from './ejections/notes.js';
import { generatorLimits } from './generator-limits.js';
import { BOUNDS_NOTES } from './notes/bounds-notes.js';
import { CONNECTION_NOTES } from './notes/connection-notes.js';
import { GATEWAY_NOTES } from './notes/gateway-notes.js';
import { LOAD_NOTES } from './notes/load-notes.js';
import type { NoteMaker } from './notes/note-maker.js';
import { SPLIT_NOTES } from './notes/split-notes.js';
import type { RunResult } from './result.js';

/** In the order in which they matter. */
const NOTE_MAKERS: readonly NoteMaker[] = [
  ...CONNECTION_NOTES,
  addressDiffers,
  generatorLimits,
  ...SPLIT_NOTES,
  ...GATEWAY_NOTES,
  ejectionNotesOn,
  ...LOAD_NOTES,
  ...BOUNDS_NOTES,
];

export function notesOn(result: RunResult): Note[] {
  return NOTE_MAKERS.flatMap((make) => make(result));
}

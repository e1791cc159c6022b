/** Notes on lists that were cut: docs/bounds.md. */
import type { Note } from '../../plan/plan.js';
import { NONE_NAME, OTHER_NAME } from '../version-slots.js';
import { type NoteMaker, note } from './note-maker.js';

export const BOUNDS_NOTES: readonly NoteMaker[] = [
  function bounded({ versions, timeline }) {
    const notes: Note[] = [];
    if (versions.some(({ version }) => version === OTHER_NAME)) {
      notes.push(
        note(
          'versions-bounded',
          `There were too many versions to list: the rest is summed up as ${OTHER_NAME}.`,
        ),
      );
    }
    if (versions.some(({ endpoints }) => endpoints.some(({ endpoint }) => endpoint === OTHER_NAME))) {
      notes.push(
        note(
          'endpoints-bounded',
          `There were too many endpoints to list: the rest is summed up as ${OTHER_NAME}.`,
        ),
      );
    }
    const own = new Set([...versions.map(({ version }) => version), NONE_NAME]);
    if (timeline.some(({ version }) => !own.has(version))) {
      notes.push(
        note(
          'timeline-bounded',
          `The timeline has rows for 16 versions; the rest is summed up as ${OTHER_NAME}.`,
        ),
      );
    }
    return notes;
  },
];

/** Notes on why shares are off, or draws are not independent. */
import type { NoteCode } from '../../plan/note-code.js';
import type { Note } from '../../plan/plan.js';
import type { Finding } from '../findings/finding.js';
import { note } from './note-maker.js';

const CODES: Readonly<Record<Finding['kind'], NoteCode>> = {
  stickiness: 'connections-differ',
  replicas: 'connections-differ',
  addresses: 'address-differs',
  rotation: 'versions-in-turn',
  'over-dispersion': 'versions-in-bursts',
  drift: 'shares-changed',
  transient: 'shares-changed',
};

export function findingNotes(findings: readonly Finding[]): Note[] {
  return findings.map(({ kind, text, advice }) => note(CODES[kind], `${text} ${advice}`));
}

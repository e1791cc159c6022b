/** Notes on shards: how they were merged, and the notes that they bring. */
import type { Note } from '../../plan/plan.js';
import { listed } from '../../text/lists.js';
import { counted } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import type { Shard } from './shard.js';

/** Files named in a note. */
const MAX_FILES = 3;
/** Notes kept: enough for four of each of eight shards. */
const MAX_NOTES = 32;

/** A run's file has no end. */
export function cutNote(file: string, measured: number): Note {
  return {
    code: 'file-cut',
    text:
      `${shortName(file)} was cut before its end, as by a killed run or a full disk: its complete batches ` +
      `were read, with ${counted(measured, 'measured request')}. Requests that had no answer yet are missing, and ` +
      'so is what a run knows only at its end (how long connecting took, lateness).',
  };
}

/**
 * How the shards were aligned, and which figures depend on it.
 *
 * @param clockStepUs by how much a wall clock was set during the run, µs
 */
export function shardsNote(shards: readonly Shard[], clockStepUs: number): Note {
  const apartUs = Math.max(...shards.map(({ shiftUs }) => shiftUs));
  const moved = shards.some(({ run }) => run.imported === true)
    ? ''
    : ` During the run no wall clock moved by more than ${msOrSeconds(Math.abs(clockStepUs))} against its machine's monotonic clock.`;
  return {
    code: 'shards',
    text:
      `${shards.length} files were read as shards of one run; the last began ${msOrSeconds(apartUs)} after the first. Times ` +
      `are aligned by the generators' wall clocks, and how well those agree was not measured.${moved} Only the ` +
      'timeline, the duration and the rate depend on it; counts, shares, statuses, the verdict and latencies do not.',
  };
}

/** Shards of one run overlap in time. A gap means that they are several runs, or that a clock is wrong. */
export function apartNotes(shards: readonly Shard[]): Note[] {
  const spans = shards
    .filter(({ rows }) => rows.measured > 0)
    .map(({ run, shiftUs, rows }) => ({
      file: run.file,
      fromUs: rows.firstDueUs + shiftUs,
      toUs: rows.lastEndUs + shiftUs,
    }))
    .sort((a, b) => a.fromUs - b.fromUs);
  let toUs = spans[0]?.toUs ?? 0;
  for (const span of spans) {
    if (span.fromUs > toUs) {
      return [
        {
          code: 'shards-apart',
          text:
            `When ${shortName(span.file)} began, all requests of the files before it had ended ${msOrSeconds(span.fromUs - toUs)} earlier: ` +
            'these are runs one after the other, or a clock is wrong. Counts, shares and latencies are those of all ' +
            'requests together; duration and rate include the time between.',
        },
      ];
    }
    toUs = Math.max(toUs, span.toUs);
  }
  return [];
}

/** Notes that all shards have, once; other notes begin with the files that they are from. */
export function mergedNotes(
  from: readonly { readonly file: string; readonly notes: readonly Note[] }[],
): Note[] {
  const files = new Map<string, { note: Note; files: string[] }>();
  for (const { file, notes } of from) {
    for (const note of notes) {
      const key = `${note.code}\n${note.text}`;
      const known = files.get(key) ?? { note, files: [] };
      if (!known.files.includes(file)) known.files.push(file);
      files.set(key, known);
    }
  }
  const merged = [...files.values()].map(({ note, files: own }) =>
    own.length === from.length || note.code === 'file-cut'
      ? note
      : { code: note.code, text: `${listed(own.map(shortName), MAX_FILES)}: ${note.text}` },
  );
  return merged.slice(0, MAX_NOTES);
}

function shortName(file: string): string {
  return printable(file, 80);
}

function msOrSeconds(us: number): string {
  return us < 1e6 ? `${Number((us / 1000).toPrecision(3))} ms` : `${Number((us / 1e6).toPrecision(4))} s`;
}

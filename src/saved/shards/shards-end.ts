/** What several shards knew besides their samples, put together; and what is known of one whose file is cut. */
import type { RunCounters } from '../../blocks/run-counters.js';
import { mergeCounters, type SeenCounters } from '../../blocks/run-counters.js';
import { LABELS_BOUNDED, type RunEnd } from '../../blocks/run-record.js';
import { mergedObservations } from '../../gateway/merge.js';
import type { LoadPlan, Note, Plan } from '../../plan/plan.js';
import { listed } from '../../text/lists.js';
import { counted } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import type { SavedRun } from '../saved-run.js';
import type { Shard } from './shard.js';

/** Files named in a note. */
const MAX_FILES = 3;
/** Notes of shards that are not the same in all: one each for eight shards is enough to read. */
const MAX_NOTES = 32;

/** The end of a run, made from its rows when its file has none. */
export function endOf({ run, rows }: Shard): RunEnd {
  const end = run.end();
  if (end !== null) return end;
  const { load } = run.plan;
  return {
    ended: 'truncated',
    scheduled: rows.measured,
    threads: Math.min(load.threads, load.mode === 'open' ? load.maxInFlight : load.connections),
    counters: { connectionsOpened: rows.connections },
    clockStepUs: 0,
    settle: null,
    gateway: null,
    notes: [
      {
        code: 'file-cut',
        text:
          `${shortName(run.file)} was cut before its end, as by a killed run or a full disk: its whole batches ` +
          `were read, with ${counted(rows.measured, 'measured request')}. Requests of which no answer came before ` +
          'it are not among them, nor what a run knows only at its end (how long connecting took, lateness).',
      },
    ],
  };
}

/** The plan of the run that the shards are: what they send is added up. */
export function mergedPlan(runs: readonly SavedRun[]): Plan {
  const [first] = runs as [SavedRun, ...SavedRun[]];
  if (runs.length === 1) return first.plan;
  const loads = runs.map(({ plan }) => plan.load);
  const sum = (of: (load: LoadPlan) => number | null): number | null => {
    const values = loads.map(of);
    return values.some((value) => value === null) ? null : values.reduce<number>((a, b) => a + (b ?? 0), 0);
  };
  return {
    ...first.plan,
    load: {
      ...first.plan.load,
      connections: sum(({ connections }) => connections) as number,
      maxInFlight: sum(({ maxInFlight }) => maxInFlight) as number,
      ratePerSecond: sum(({ ratePerSecond }) => ratePerSecond),
      requests: sum(({ requests }) => requests),
      threads: sum(({ threads }) => threads) as number,
    },
    notes: mergedNotes(runs.map(({ file, plan }) => ({ file, notes: plan.notes }))),
  };
}

/**
 * The end of the run that the shards are.
 *
 * @param labelsOverflowed together they have more labels than are kept apart
 */
export function mergedEnd(
  shards: readonly Shard[],
  ends: readonly RunEnd[],
  labelsOverflowed: boolean,
): RunEnd {
  const worst = (['truncated', 'terminated', 'interrupted'] as const).find((how) =>
    ends.some(({ ended }) => ended === how),
  );
  const clockStepUs = ends.reduce(
    (most, end) => (Math.abs(end.clockStepUs) > Math.abs(most) ? end.clockStepUs : most),
    0,
  );
  return {
    ended: worst ?? 'completed',
    scheduled: ends.reduce((sum, { scheduled }) => sum + scheduled, 0),
    threads: ends.reduce((sum, { threads }) => sum + threads, 0),
    counters: mergedCounters(ends.map(({ counters }) => counters)),
    clockStepUs,
    settle: mergedSettle(ends.map(({ settle }) => settle)),
    gateway: mergedObservations(
      ends.map(({ gateway }, i) => ({ gateway, shiftMs: (shards[i] as Shard).shiftUs / 1000 })),
    ),
    notes: [
      shardsNote(shards, clockStepUs),
      ...apartNotes(shards),
      ...(labelsOverflowed ? [LABELS_BOUNDED] : []),
      ...mergedNotes(ends.map(({ notes }, i) => ({ file: (shards[i] as Shard).run.file, notes }))),
    ],
  };
}

/** Generators settle at the same time: the longest one's is the time that it took. */
function mergedSettle(all: readonly RunEnd['settle'][]): RunEnd['settle'] {
  const known = all.filter((settle) => settle !== null);
  if (known.length === 0) return null;
  return {
    durationMs: Math.max(...known.map(({ durationMs }) => durationMs)),
    requests: known.reduce((sum, { requests }) => sum + requests, 0),
    complete: known.every(({ complete }) => complete),
  };
}

function mergedCounters(all: readonly RunEnd['counters'][]): RunCounters | SeenCounters {
  const known = all.filter((counters): counters is RunCounters => 'connectSumUs' in counters);
  if (known.length < all.length) {
    const opened = all.map(({ connectionsOpened }) => connectionsOpened);
    return {
      connectionsOpened: opened.some((n) => n === null)
        ? null
        : opened.reduce<number>((sum, n) => sum + (n ?? 0), 0),
    };
  }
  return mergeCounters(known);
}

/** What the alignment rests on, and which figures with it. */
function shardsNote(shards: readonly Shard[], clockStepUs: number): Note {
  const apartUs = Math.max(...shards.map(({ shiftUs }) => shiftUs));
  const moved = shards.some(({ run }) => run.imported === true)
    ? ''
    : ` During the run none of them was moved by more than ${time(Math.abs(clockStepUs))} against its machine's monotonic clock.`;
  return {
    code: 'shards',
    text:
      `${shards.length} files were read as shards of one run; the last began ${time(apartUs)} after the first. Times ` +
      `are aligned by the generators' wall clocks, and how well those agree was not measured.${moved} Only the ` +
      'timeline, the duration and the rate depend on it; counts, shares, statuses, the verdict and latencies do not.',
  };
}

/** Shards of one run overlap; where a gap is, either they are several runs or a clock is wrong. */
function apartNotes(shards: readonly Shard[]): Note[] {
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
            `When ${shortName(span.file)} began, what was measured before had ended ${time(span.fromUs - toUs)} earlier: ` +
            'these are runs one after the other, or a clock is wrong. Counts, shares and latencies are those of all ' +
            'requests together; duration and rate include the time between.',
        },
      ];
    }
    toUs = Math.max(toUs, span.toUs);
  }
  return [];
}

/** Notes that all have, once; the others with the files that have them. */
function mergedNotes(from: readonly { readonly file: string; readonly notes: readonly Note[] }[]): Note[] {
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

function time(us: number): string {
  return us < 1e6 ? `${Number((us / 1000).toPrecision(3))} ms` : `${Number((us / 1e6).toPrecision(4))} s`;
}

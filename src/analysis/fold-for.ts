/** The fold that judges samples by a plan: the same for a live run and for one that is read from a file. */
import type { LabelTables } from '../blocks/sample-block.js';
import { makeMatcher, versionNameOf } from '../plan/labels/labels.js';
import type { JudgePlan, LoadPlan, Note, Plan } from '../plan/plan.js';
import { RunFold } from './run-fold.js';

/** Ambiguous labels that are named. */
const MAX_AMBIGUOUS = 16;

export interface FoldOptions {
  /** False: the samples were chosen by what answered, so that their shares say nothing of the gateway. */
  readonly weighed?: boolean;
  /** False: ejections are not looked for. */
  readonly ejections?: boolean;
  /** False: the order of sending is not known, because rows are left out or are of several runs. */
  readonly ordered?: boolean;
}

/**
 * A fold that judges samples by a plan, with the notes that reading them gave rise to.
 */
export function foldFor(
  plan: Plan,
  labels: LabelTables,
  { weighed = true, ejections = true, ordered = true }: FoldOptions = {},
): { fold: RunFold; notes: Note[] } {
  const { versionOf, notes } = versionReader(plan.judge);
  const fold = new RunFold({
    labels,
    judge: weighed ? plan.judge : { ...plan.judge, expected: null },
    weighed,
    mode: plan.load.mode,
    ...(weighed && plan.load.untilVerdict ? { untilVerdict: { ...looksOf(plan.load), ordered } } : {}),
    // 5xx in a row mean nothing where rows were chosen by what answered.
    ejections: weighed && ejections ? { rules: plan.ejection, load: plan.load } : null,
    versionOf,
  });
  return { fold, notes };
}

function looksOf(load: LoadPlan): { workers: number; inFlight: number; renews: boolean } {
  const { threads, connections, streams, maxInFlight, mode, requestsPerConnection } = load;
  return {
    workers: threads,
    inFlight: mode === 'open' ? maxInFlight : connections * streams,
    // What was asked for wins.
    renews: requestsPerConnection === null,
  };
}

/** A function that names the version a label stands for, and the notes that calling it gave rise to. */
export function versionReader(judge: JudgePlan): { versionOf: (label: string) => string; notes: Note[] } {
  const notes: Note[] = [];
  const nameOf = versionNamer(judge);
  const versionOf = (label: string) => {
    const { name, ambiguous } = nameOf(label);
    if (ambiguous !== null && notes.length <= MAX_AMBIGUOUS) {
      const text =
        notes.length < MAX_AMBIGUOUS
          ? `The label '${label}' could stand for ${ambiguous.join(' or ')}, and is counted apart: say which with --map.`
          : 'Further labels could stand for several versions, and are counted apart.';
      notes.push({ code: 'ambiguous-label', text });
    }
    return name;
  };
  return { versionOf, notes };
}

/** A function that names the version a label stands for, and the expected ones that it could stand for if several. */
export function versionNamer(
  judge: JudgePlan,
): (label: string) => { readonly name: string; readonly ambiguous: readonly string[] | null } {
  const expected = judge.expected ?? [];
  const names = new Set(expected.map(({ name }) => name));
  const match = makeMatcher(expected);
  return (label) => {
    const found = match(label);
    const name = versionNameOf(label, found);
    return {
      // With --map only the mapped labels stand for a version: its own name in a response is another's.
      name: found.kind !== 'match' && names.has(name) ? `${name} (not mapped)` : name,
      ambiguous: found.kind === 'ambiguous' ? found.names : null,
    };
  };
}

/** Runs that were saved, analyzed again: the same fold and the same figures as when they were measured. */
import { isDeepStrictEqual } from 'node:util';
import { CUT } from './analysis/ejections/notes.js';
import { foldFor, versionNamer } from './analysis/fold-for.js';
import type { RunResult } from './analysis/result.js';
import type { RunInfo } from './analysis/run-info.js';
import { runInfo } from './analysis/run-info.js';
import { checkEventLog, readLogAfterwards } from './gateway/log-watch.js';
import { namedAsExpected } from './plan/ejection.js';
import type { EjectionRule, JudgePlan, Note, Plan } from './plan/plan.js';
import { EJECTION_RULE, ejectionNotes } from './plan/policy/ejection-notes.js';
import { ejectionRuleInWords } from './plan/policy/ejection-rule.js';
import { type Cut, selectsByResponse } from './saved/cut/cut.js';
import { CutFilter } from './saved/cut/cut-filter.js';
import type { SavedRun } from './saved/saved-run.js';
import { Shards } from './saved/shards/shards.js';
import { count } from './text/numbers.js';

export interface AnalyzeOptions {
  /** Which measured requests count; all when not given. */
  readonly cut?: Cut;
  /** What is judged otherwise than when the run was made. */
  readonly judge?: Partial<JudgePlan>;
  /** What ejections are held against; as the run was to be when not given. At most one per version. */
  readonly ejection?: readonly EjectionRule[];
  /** File of Envoy's outlier event log, in place of what the run itself read of one. */
  readonly eventLog?: string;
}

/**
 * The result of one saved run, the same bit by bit as that of the live run; or of several that are shards of
 * one, with counts, histograms and verdict as if one generator had sent it all.
 *
 * @param runs at least one; their blocks are read
 * @throws UserError for damaged files, for runs that do not belong together, and for a cut that names a label
 *   which is in no row, and for an event log that cannot be read
 */
export async function analyze(runs: readonly SavedRun[], options: AnalyzeOptions = {}): Promise<RunResult> {
  if (options.eventLog !== undefined) checkEventLog(options.eventLog, 'eventLog');
  const shards = new Shards(runs);
  const { labels, startedAtUs } = shards;
  const plan = withRules(rejudged(shards.plan, options.judge), options.ejection);
  const { cut } = options;
  const nameOf = versionNamer(plan.judge);
  const filter = cut === undefined ? null : new CutFilter(cut, labels, (label) => nameOf(label).name);
  const weighed = cut === undefined || !selectsByResponse(cut);
  const { fold, notes } = foldFor(plan, labels, { weighed });
  for await (const { block, shiftUs } of shards.blocks()) {
    filter?.apply(block, shiftUs);
    fold.add(block, shiftUs);
  }
  filter?.finish();
  const end = shards.end();
  const scheduled = filter?.kept ?? end.scheduled;
  const gateway =
    options.eventLog === undefined
      ? end.gateway
      : {
          log: await readLogAfterwards(options.eventLog, { startedAtUs, endMs: fold.endMs }),
          admins: end.gateway?.admins ?? [],
        };
  const counted = weighed && (gateway?.admins.length ?? 0) > 0;
  const known = {
    ...end,
    scheduled,
    gateway,
    notes: [...end.notes, ...cutNotes(filter, weighed, plan, counted)],
  };
  const info = runInfo({ plan, startedAtUs, labels }, known, notes);
  return fold.result(runs[0]?.imported === true ? withoutLoad(info) : info);
}

function rejudged(plan: Plan, changes: Partial<JudgePlan> | undefined): Plan {
  if (changes === undefined || Object.keys(changes).length === 0) return plan;
  const judge = { ...plan.judge, ...changes };
  const note: Note = {
    code: 'judged-otherwise',
    text: `Judged by what this analysis was given, ${judgeInWords(judge)}; when it was made, the run was to be judged by ${judgeInWords(plan.judge)}.`,
  };
  const ejection = namedAsExpected(plan.ejection, judge.expected).rules;
  return { ...plan, judge, ejection, notes: [...plan.notes, note] };
}

function withRules(plan: Plan, ejection: readonly EjectionRule[] | undefined): Plan {
  if (ejection === undefined || isDeepStrictEqual(ejection, plan.ejection)) return plan;
  const inWords = (rules: readonly EjectionRule[]) =>
    rules.length === 0 ? 'nothing' : [...new Set(rules.map(ejectionRuleInWords))].join(', and ');
  const note: Note = {
    code: 'ejections-judged-otherwise',
    text: `Ejections are held against what this analysis was given, ${inWords(ejection)}; the run was made to be held against ${inWords(plan.ejection)}.`,
  };
  // What was said of the other rules before the load does not hold for these.
  const notes = plan.notes.filter(({ code }) => code !== EJECTION_RULE);
  return { ...plan, ejection, notes: [...notes, note, ...ejectionNotes(ejection, plan.load)] };
}

function judgeInWords({ expected, tolerance, confidence }: JudgePlan): string {
  if (expected === null) return 'nothing';
  const weights = expected.map(({ name, weight }) => `${name}=${weight}`).join(',');
  const percent = (fraction: number) => Number((fraction * 100).toPrecision(6));
  return `${weights} ± ${percent(tolerance)} points at ${percent(confidence)} %`;
}

/** @param counted whether the gateway told counters of its own, or may have */
function cutNotes(filter: CutFilter | null, weighed: boolean, { judge }: Plan, counted: boolean): Note[] {
  if (filter === null) return [];
  const { sinceMs, untilMs, where } = filter.cut;
  const parts = [
    ...(sinceMs === null ? [] : [`due from ${sinceMs / 1000} s`]),
    ...(untilMs === null ? [] : [`due before ${untilMs / 1000} s`]),
    ...Object.entries(where).map(([key, values]) => `${key} ${values.join(' or ')}`),
  ];
  const notes: Note[] = [
    {
      code: CUT,
      text:
        `Only requests with ${parts.join(', ')} are counted: ${count(filter.kept)} of ${count(filter.seen)} measured ones. ` +
        `What is said of the load (connections, lateness)${counted ? ", by the gateway's counters" : ''} and of the phases before is still about the whole run.`,
    },
  ];
  if (!weighed) {
    const left = judge.expected === null ? 'Shares' : 'Shares, the verdict';
    notes.push({
      code: 'split-left-out',
      text: `${left} and ejections are left out: these requests were chosen by what answered them, which says nothing of how the gateway splits or ejects.`,
    });
  }
  return notes;
}

/** What another tool sent: nothing is known of how it did. */
function withoutLoad(info: RunInfo): RunInfo {
  return {
    ...info,
    load: { ...info.load, mode: 'unknown' },
    target: { ...info.target, protocol: 'unknown', tlsVerified: null },
  };
}

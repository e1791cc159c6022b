/** Analyzes saved runs: the same code as during a run, with the same figures. */
import { isDeepStrictEqual } from 'node:util';
import { CUT } from './analysis/ejections/notes.js';
import { foldFor, versionNamer } from './analysis/fold-for.js';
import type { RunResult } from './analysis/result.js';
import type { RunInfo } from './analysis/run-info.js';
import { runInfo } from './analysis/run-info.js';
import { checkEventLog, readLogAfterwards } from './gateway/log-watch.js';
import { packageVersion } from './io/package-root.js';
import { type GivenEjection, makeEjection, namedAsExpected, withGiven } from './plan/ejection.js';
import { type GivenJudge, givenJudge, isJudgeGiven, judgeWith } from './plan/judge.js';
import { judgeInWords } from './plan/judge-words.js';
import type { EjectionRule, Note, Plan } from './plan/plan.js';
import type { EjectionOptions, JudgeOptions, LabelMap, Weights } from './plan/plan-options.js';
import { EJECTION_RULE, ejectionNotes } from './plan/policy/ejection-notes.js';
import { ejectionRuleInWords } from './plan/policy/ejection-rule.js';
import { type Cut, selectsByResponse } from './saved/cut/cut.js';
import { CutFilter } from './saved/cut/cut-filter.js';
import type { SavedRun } from './saved/saved-run.js';
import { Shards } from './saved/shards/shards.js';
import { count } from './text/numbers.js';

/** The options of {@link analyze}, in the forms of `makePlan`. By default a run is analyzed as it was planned. */
export interface AnalyzeOptions {
  /** Expected weights; default: those of the run. */
  readonly expect?: Weights | undefined;
  /** What stands in responses for an expected version; default: as in the run, or with `expect` the version's name. */
  readonly map?: LabelMap | undefined;
  /** How far shares may be from their weights; default: that of the run. */
  readonly tolerance?: JudgeOptions['tolerance'];
  /** Confidence of the verdict, a fraction from 0.5 to 0.9999; default: that of the run. */
  readonly confidence?: number | undefined;
  /** The kinds of checks that decide the verdict; default: those of the run. */
  readonly only?: JudgeOptions['only'];
  /** Largest error rates; default: those of the run. */
  readonly maxErrorRate?: JudgeOptions['maxErrorRate'];
  /** By how much an error rate may exceed the baseline's; default: that of the run. */
  readonly maxErrorIncrease?: JudgeOptions['maxErrorIncrease'];
  /** Largest percentiles of latency; default: those of the run. */
  readonly maxLatency?: JudgeOptions['maxLatency'];
  /** Largest ratios of percentiles to the baseline's; default: those of the run. */
  readonly maxLatencyRatio?: JudgeOptions['maxLatencyRatio'];
  /** Statuses that are errors; default: those of the run. */
  readonly errorStatuses?: JudgeOptions['errorStatuses'];
  /** Replaces values of the rules that ejections are compared with; default: the rules of the run. */
  readonly ejection?: EjectionOptions | undefined;
  /** Which measured requests are counted; default: all. */
  readonly cut?: Cut | undefined;
  /** File of Envoy's outlier event log; default: what the run itself read. */
  readonly eventLog?: string | undefined;
}

/**
 * The result of one saved run, exactly the same as that of the live run; or of several runs that are shards of one, with
 * counts, histograms and verdict as if one generator had sent all requests.
 *
 * @param runs at least one, from `openRun`; their blocks are read
 * @throws OptionError naming an option that is wrong, a label of the cut that no request has, or an event log that
 *   cannot be read
 * @throws UserError for damaged files, and for runs that do not belong together
 */
export async function analyze(runs: readonly SavedRun[], options: AnalyzeOptions = {}): Promise<RunResult> {
  if (options.eventLog !== undefined) checkEventLog(options.eventLog, 'eventLog');
  const judge = givenJudge(options);
  const ejection = makeEjection(options.ejection);
  const shards = new Shards(runs);
  const { labels, startedAtUs } = shards;
  const imported = runs[0]?.imported === true;
  const plan = withRules(rejudged(shards.plan, judge, imported), ejection);
  const { cut } = options;
  const nameOf = versionNamer(plan.judge);
  const filter = cut === undefined ? null : new CutFilter(cut, labels, (label) => nameOf(label).name);
  const weighed = cut === undefined || !selectsByResponse(cut);
  const { fold, notes } = foldFor(plan, labels, { weighed, ordered: runs.length === 1 && cut === undefined });
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
  const info = runInfo({ plan, startedAtUs, labels }, known, notes, packageVersion());
  return fold.result(imported ? withoutLoad(info) : info);
}

/** @param imported the run is another tool's: it was planned with no values that a note could mention */
function rejudged(plan: Plan, given: GivenJudge, imported: boolean): Plan {
  if (!isJudgeGiven(given)) return plan;
  const judge = judgeWith(given, plan.judge, ['expect']);
  if (imported) return { ...plan, judge };
  const note: Note = {
    code: 'judged-otherwise',
    text: `Judged by the values of this analysis, ${judgeInWords(judge)}; the run was planned with ${judgeInWords(plan.judge)}.`,
  };
  const ejection = namedAsExpected(plan.ejection, judge.expected).rules;
  return { ...plan, judge, ejection, notes: [...plan.notes, note] };
}

function withRules(plan: Plan, given: GivenEjection | null): Plan {
  if (given === null) return plan;
  const { expected } = plan.judge;
  const ejection = withGiven(namedAsExpected(plan.ejection, expected).rules, given, expected);
  if (isDeepStrictEqual(ejection, plan.ejection)) return plan;
  const inWords = (rules: readonly EjectionRule[]) =>
    rules.length === 0 ? 'no rule' : [...new Set(rules.map(ejectionRuleInWords))].join(', and ');
  const note: Note = {
    code: 'ejections-judged-otherwise',
    text: `Ejections are compared with the rule of this analysis, ${inWords(ejection)}; the run was planned with ${inWords(plan.ejection)}.`,
  };
  // Notes on the run's rules do not apply to these.
  const notes = plan.notes.filter(({ code }) => code !== EJECTION_RULE);
  return { ...plan, ejection, notes: [...notes, note, ...ejectionNotes(ejection, plan.load)] };
}

/** @param counted whether the result may have counters of the gateway */
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
        `The load (connections, lateness)${counted ? ", the gateway's counters" : ''} and the phases before it are still those of the whole run.`,
    },
  ];
  if (!weighed) {
    const left = judge.expected === null ? 'Shares' : 'Shares, the verdict';
    notes.push({
      code: 'split-left-out',
      text: `${left} and ejections are left out: these requests were selected by their responses, so they do not show how the gateway splits or ejects.`,
    });
  }
  return notes;
}

/** For a run of another tool: it is not known how its requests were sent. */
function withoutLoad(info: RunInfo): RunInfo {
  return {
    ...info,
    load: { ...info.load, mode: 'unknown' },
    target: { ...info.target, protocol: 'unknown', tlsVerified: null },
  };
}

/** What can be said of ejection rules before any request is sent: those that cannot act, or not be seen to. */
import { inSeconds } from '../../text/durations.js';
import { counted } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { errorsInWords } from '../../text/statuses.js';
import type { NoteCode } from '../note-code.js';
import type { EjectionRule, LoadPlan, Note } from '../plan.js';
import { countedTogether, maxOut } from './ejection-rule.js';

/** Code of the notes on ejection rules. They are printed before the load. */
export const EJECTION_RULE = 'ejection-rule' satisfies NoteCode;

/** How many endpoints of a version answered; null: of all versions without a rule of their own. */
export type Answered = (version: string | null) => number;

/**
 * What is to be known of the rules before the load: a note per sentence, for all versions that it is true of.
 *
 * @param load what is going to be sent
 */
export function ejectionNotes(rules: readonly EjectionRule[], load: LoadPlan): readonly Note[] {
  return statements(rules, load).map((statement) => noteOf(statement.sentence, statement.rules));
}

/**
 * The notes of a plan after its run: the one on too few endpoints goes where enough answered.
 *
 * A plan has the notes of {@link ejectionNotes} last among those of their code. They are found by that, not by their
 * sentences: another version may have worded those of a saved run.
 *
 * @param notes of the plan, and others
 * @param rules of the plan, as `load`
 */
export function withoutSettled(
  notes: readonly Note[],
  rules: readonly EjectionRule[],
  load: LoadPlan,
  answered: Answered,
): Note[] {
  const made = statements(rules, load);
  const places = [...notes.keys()].filter((i) => notes[i]?.code === EJECTION_RULE).slice(-made.length);
  const first = made.length - places.length;
  return notes.flatMap((note, i) => {
    const place = places.indexOf(i);
    const statement = place < 0 ? undefined : made[first + place];
    if (statement?.needs == null) return [note];
    const { sentence, needs } = statement;
    const open = statement.rules.filter((rule) => answeredOf(rule, rules, answered) < needs);
    if (open.length === statement.rules.length) return [note];
    return open.length === 0 ? [] : [noteOf(sentence, open)];
  });
}

/** How many endpoints answered of those that the rule counts. */
function answeredOf(rule: EjectionRule, rules: readonly EjectionRule[], answered: Answered): number {
  if (rule.scope === 'version') return answered(rule.version);
  return rules
    .filter((other) => countedTogether(rule, other))
    .reduce((sum, { version }) => sum + answered(version), 0);
}

/** Milliseconds in which requests are sent, or that they are sent until the verdict is known. */
type RunLength = number | 'until the verdict';

/** A sentence on a rule. */
interface Sentence {
  readonly sentence: string;
  /** It is settled once so many endpoints answered; null: nothing settles it. */
  readonly needs: number | null;
}

/** A sentence with the rules that it is true of. */
interface Statement extends Sentence {
  readonly rules: EjectionRule[];
}

function statements(rules: readonly EjectionRule[], load: LoadPlan): Statement[] {
  const run = lengthOf(load);
  const made = new Map<string, Statement>();
  for (const rule of rules) {
    for (const { sentence, needs } of sentencesOn(rule, run)) {
      const statement = made.get(sentence) ?? { sentence, needs, rules: [] };
      statement.rules.push(rule);
      made.set(sentence, statement);
    }
  }
  return [...made.values()];
}

function noteOf(sentence: string, rules: readonly EjectionRule[]): Note {
  const names = rules.map(({ version }) => (version === null ? 'all versions' : printable(version)));
  return { code: EJECTION_RULE, text: `Ejection of ${names.join(', ')}: ${sentence}` };
}

function sentencesOn(rule: EjectionRule, run: RunLength | null): Sentence[] {
  const { consecutive5xx: any, consecutiveGatewayErrors: gateway } = rule;
  if (any === 0 && gateway === 0) {
    const local = rule.consecutiveLocalOriginFailures ?? 0;
    return [
      always(
        local > 0
          ? 'no 5xx ejects (consecutive5xxErrors 0, no consecutiveGatewayErrors), only failures to connect do.'
          : 'off: consecutive5xxErrors is 0 and there are no consecutiveGatewayErrors, so nothing ejects.',
      ),
    ];
  }
  const sentences = limited(rule);
  if (gateway > 0 && any > 0 && gateway >= any) {
    sentences.push(
      always(
        `consecutiveGatewayErrors (${gateway}) never ejects on its own: 502, 503 and 504 are errors too, and ${any} × ${errorsInWords(rule.errorCodes)} in a row eject.`,
      ),
    );
  }
  if (run !== null) sentences.push(...tooShort(rule, run).map(always));
  return sentences;
}

function always(sentence: string): Sentence {
  return { sentence, needs: null };
}

const ASSUMED = 'as Envoy 1.40 counts, which is assumed; older versions always eject the first one';

/** How many endpoints a version must have for one of them to be ejected; null: the rule lets none be ejected. */
function endpointsNeeded({ maxEjectionPercent: percent, alwaysEjectsOne }: EjectionRule): number | null {
  if (alwaysEjectsOne) return 1;
  return percent === 0 ? null : Math.ceil(100 / percent);
}

/** What the maximum of ejected endpoints allows. */
function limited(rule: EjectionRule): Sentence[] {
  const { endpoints, maxEjectionPercent: percent } = rule;
  const needs = endpointsNeeded(rule);
  if (needs === null) return [always(`cannot act: maxEjectionPercent is 0 (${ASSUMED}).`)];
  if (endpoints === null) {
    // Nearly every version has two.
    if (needs <= 2) return [];
    const of = rule.scope === 'route' ? ' of all versions together' : '';
    const sentence = `can act only with at least ${needs} endpoints${of}: maxEjectionPercent is ${percent} (${ASSUMED}).`;
    return [{ sentence, needs }];
  }
  if (maxOut(endpoints, rule) > 0) return [];
  if (endpoints === 0) return [always('cannot act: by the manifests it has no endpoints.')];
  const of = `${counted(endpoints, 'endpoint')}${rule.scope === 'route' ? ' of all versions together' : ''}`;
  return [
    always(
      `cannot act: of ${of} at most floor(${endpoints} × ${percent} ÷ 100) = 0 may be out (${ASSUMED}). It takes ${needs} endpoints, or maxEjectionPercent ${Math.ceil(100 / endpoints)}.`,
    ),
  ];
}

function tooShort({ baseEjectionTimeMs: baseMs, intervalMs }: EjectionRule, runMs: RunLength): string[] {
  if (runMs === 'until the verdict') {
    return [
      `this run ends when its verdict is known, perhaps before a window (${inSeconds(baseMs)} or longer) ends. A run of a fixed duration shows it.`,
    ];
  }
  const run = `this run (${inSeconds(runMs)})`;
  if (baseMs >= runMs) {
    return [
      `baseEjectionTime ${inSeconds(baseMs)} is not shorter than ${run}: the end of a window will not be seen.`,
    ];
  }
  if (intervalMs >= runMs) {
    return [
      `interval ${inSeconds(intervalMs)} is not shorter than ${run}, and windows end only at sweeps that far apart: the end of a window may not be seen.`,
    ];
  }
  return [];
}

/** How long requests are sent, as far as it is known before. */
function lengthOf({ untilVerdict, durationMs, requests, ratePerSecond }: LoadPlan): RunLength | null {
  if (untilVerdict) return 'until the verdict';
  const byCount =
    requests === null || ratePerSecond === null
      ? Number.POSITIVE_INFINITY
      : (requests * 1000) / ratePerSecond;
  const ms = Math.min(durationMs ?? Number.POSITIVE_INFINITY, byCount);
  return Number.isFinite(ms) ? ms : null;
}

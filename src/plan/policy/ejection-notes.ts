/** What can be said of ejection rules before any request is sent: those that cannot act, or not be seen to. */
import { inSeconds } from '../../text/durations.js';
import { counted } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import type { EjectionRule, LoadPlan, Note } from '../plan.js';
import { maxOut } from './ejection-rule.js';

/** Stable: programs look for it, and it is said before the load starts. */
export const EJECTION_RULE = 'ejection-rule';

/**
 * A note per thing to know of the rules, those of several versions put together.
 *
 * @param load what is going to be sent
 */
export function ejectionNotes(rules: readonly EjectionRule[], load: LoadPlan): readonly Note[] {
  const runMs = lengthMs(load);
  return [...bySentence(rules, (rule) => sentences(rule, runMs)).values()];
}

/**
 * Notes after a run: without what was said for the case that a version has too few endpoints, where enough answered.
 *
 * @param notes those of {@link ejectionNotes} among others
 * @param answered so many endpoints of the version, null for all that have no rule of their own
 */
export function withoutSettled(
  notes: readonly Note[],
  rules: readonly EjectionRule[],
  answered: (version: string | null) => number,
): Note[] {
  const before = bySentence(rules, tooFew);
  const unsettled = rules.filter((rule) => answered(rule.version) < (endpointsNeeded(rule) ?? 0));
  const after = bySentence(unsettled, tooFew);
  const replacements = new Map(
    [...before].map(([sentence, { text }]) => [text, after.get(sentence) ?? null]),
  );
  return notes.flatMap((note) => {
    const found = note.code === EJECTION_RULE ? replacements.get(note.text) : undefined;
    return found === undefined ? [note] : found === null ? [] : [found];
  });
}

/** A note per sentence, for all versions of which it is said. */
function bySentence(
  rules: readonly EjectionRule[],
  sentencesOf: (rule: EjectionRule) => readonly string[],
): Map<string, Note> {
  const versions = new Map<string, string[]>();
  for (const rule of rules) {
    const name = rule.version === null ? 'all versions' : printable(rule.version);
    for (const sentence of sentencesOf(rule)) {
      versions.set(sentence, [...(versions.get(sentence) ?? []), name]);
    }
  }
  const note = (sentence: string, names: readonly string[]): Note => ({
    code: EJECTION_RULE,
    text: `Ejection of ${names.join(', ')}: ${sentence}`,
  });
  return new Map([...versions].map(([sentence, names]) => [sentence, note(sentence, names)]));
}

function sentences(rule: EjectionRule, runMs: number | null): string[] {
  const { consecutive5xx: any, consecutiveGatewayErrors: gateway } = rule;
  if (any === 0 && gateway === 0) {
    const local = rule.consecutiveLocalOriginFailures ?? 0;
    return [
      local > 0
        ? 'no 5xx ejects (consecutive5xxErrors 0, no consecutiveGatewayErrors), only failures to connect do.'
        : 'off: consecutive5xxErrors is 0 and there are no consecutiveGatewayErrors, so nothing ejects.',
    ];
  }
  const said = limited(rule);
  if (gateway > 0 && any > 0 && gateway >= any) {
    said.push(
      `consecutiveGatewayErrors (${gateway}) never binds alone: 502, 503 and 504 are 5xx too, and ${any} of those in a row eject.`,
    );
  }
  if (runMs !== null) said.push(...tooShort(rule, runMs));
  return said;
}

const ASSUMED = 'as Envoy 1.40 counts, which is assumed; older ones let the first one go';

/** So many endpoints a version must have for one of them to be ejected; null where the rule lets none go. */
function endpointsNeeded({ maxEjectionPercent: percent }: EjectionRule): number | null {
  return percent === 0 ? null : Math.ceil(100 / percent);
}

/** Of a version of which it is not known how many endpoints it has. */
function tooFew(rule: EjectionRule): string[] {
  const enough = endpointsNeeded(rule);
  // Two are what hardly any version lacks.
  if (rule.endpoints !== null || enough === null || enough <= 2) return [];
  return [
    `can act only with at least ${enough} endpoints: maxEjectionPercent is ${rule.maxEjectionPercent} (${ASSUMED}).`,
  ];
}

function limited(rule: EjectionRule): string[] {
  const { endpoints, maxEjectionPercent: percent } = rule;
  const enough = endpointsNeeded(rule);
  if (enough === null) return [`cannot act: maxEjectionPercent is 0 (${ASSUMED}).`];
  if (endpoints === null) return tooFew(rule);
  if (maxOut(endpoints, percent) > 0) return [];
  if (endpoints === 0) return ['cannot act: the manifests give it no endpoints.'];
  return [
    `cannot act: of ${counted(endpoints, 'endpoint')} at most floor(${endpoints} × ${percent} ÷ 100) = 0 may be out (${ASSUMED}). It takes ${enough} endpoints, or maxEjectionPercent ${Math.ceil(100 / endpoints)}.`,
  ];
}

function tooShort({ baseEjectionTimeMs: baseMs, intervalMs }: EjectionRule, runMs: number): string[] {
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
function lengthMs({ durationMs, requests, ratePerSecond }: LoadPlan): number | null {
  const byCount =
    requests === null || ratePerSecond === null
      ? Number.POSITIVE_INFINITY
      : (requests * 1000) / ratePerSecond;
  const ms = Math.min(durationMs ?? Number.POSITIVE_INFINITY, byCount);
  return Number.isFinite(ms) ? ms : null;
}

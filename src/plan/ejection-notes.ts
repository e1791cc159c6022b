/** What can be said of ejection rules before any request is sent: those that cannot act, or not be seen to. */
import { counted, inSeconds } from '../counted.js';
import { mostOut } from './ejection-rule.js';
import { printable } from './manifests/printable.js';
import type { EjectionRule, LoadPlan, Note } from './plan.js';

/** Stable: programs look for it, and it is said before the load starts. */
export const EJECTION_RULE = 'ejection-rule';

/**
 * A note per thing to know of the rules, those of several versions put together.
 *
 * @param load what is going to be sent
 */
export function ejectionNotes(rules: readonly EjectionRule[], load: LoadPlan): readonly Note[] {
  const runMs = lengthMs(load);
  const versions = new Map<string, string[]>();
  for (const rule of rules) {
    const name = rule.version === null ? 'all versions' : printable(rule.version);
    for (const sentence of sentences(rule, runMs)) {
      versions.set(sentence, [...(versions.get(sentence) ?? []), name]);
    }
  }
  return [...versions].map(([sentence, names]) => ({
    code: EJECTION_RULE,
    text: `Ejection of ${names.join(', ')}: ${sentence}`,
  }));
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

function limited({ endpoints, maxEjectionPercent: percent }: EjectionRule): string[] {
  const enough = percent === 0 ? null : Math.ceil(100 / percent);
  const assumed = 'as Envoy 1.40 counts, which is assumed; older ones let the first one go';
  if (enough === null) return [`cannot act: maxEjectionPercent is 0 (${assumed}).`];
  if (endpoints === null) {
    return enough < 2
      ? []
      : [`can act only with at least ${enough} endpoints: maxEjectionPercent is ${percent} (${assumed}).`];
  }
  if (mostOut(endpoints, percent) > 0) return [];
  if (endpoints === 0) return ['cannot act: the manifests give it no endpoints.'];
  return [
    `cannot act: of ${counted(endpoints, 'endpoint')} at most floor(${endpoints} × ${percent} ÷ 100) = 0 may be out (${assumed}). It takes ${enough} endpoints, or maxEjectionPercent ${Math.ceil(100 / endpoints)}.`,
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

/** Explains in a sentence why the client saw a reported ejection differently, or did not see it. */

import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';
import { secondsOf } from '../../text/durations.js';
import type { EjectionWindow } from '../ejections/result.js';
import { SLACK_MS } from '../envoy-timing.js';
import type { Match } from './match-windows.js';
import type { ReportedEjection } from './reported-ejection.js';
import { agreement, endOf, startOf } from './time-fit.js';
import { type Surroundings, whyNotSeen } from './why-not-seen.js';

/**
 * The explanation of one reported ejection.
 *
 * @param seen the client's windows of the ejection, in order of time
 * @returns parts of a sentence, separated by semicolons; '' if there is nothing to explain
 */
export function explainDifferences(
  ejection: ReportedEjection,
  seen: readonly EjectionWindow[],
  match: Match,
  surroundings: Surroundings,
): string {
  const parts =
    seen.length === 0 ? whyNotSeen(ejection, surroundings) : compared(ejection, seen, match, surroundings);
  return [...sourceOf(ejection, surroundings), ...parts].join('; ');
}

function sourceOf({ from, source, type }: ReportedEjection, { admins }: Surroundings): string[] {
  if (from === 'admin') return admins > 1 ? [`by ${source}`] : [];
  // Consecutive 5xx are the usual cause and need no mention.
  return type === null || type === 'CONSECUTIVE_5XX' ? [] : [`ejected by ${type}`];
}

function compared(
  ejection: ReportedEjection,
  seen: readonly EjectionWindow[],
  { shared, endpoint }: Match,
  surroundings: Surroundings,
): string[] {
  const first = seen[0] as EjectionWindow;
  const last = seen.at(-1) as EjectionWindow;
  const parts = shared
    ? ['the client saw no request between this and another of its absences, and has one window for both']
    : timeDifferences(ejection, first, last, surroundings);
  if (!shared && seen.length > 1) parts.push(`it was back ${times(seen.length - 1)} between two looks`);
  if (parts.length === 0) parts.push('the same');
  if (ejection.unejectedMs === null && last.endMs !== null)
    parts.push(noEnd(ejection, last.endMs, surroundings));
  if (ejection.cleared && ejection.unejectedMs !== null) {
    parts.push('no line says that it was put back: the time lies between the events before and after');
  }
  if (ejection.gone) parts.push('it was removed from the cluster instead of being put back');
  if (first.fraction < 1) {
    parts.push(
      `the client lost ${Math.round(first.fraction * 100)} % of its traffic: other replicas of the gateway went on sending`,
    );
  }
  if (endpoint === null) parts.push('times alone do not show for certain which endpoint this address is');
  return parts;
}

/** Parts on start and end that differ from the reported ones. Delays by merging come first, in one part. */
function timeDifferences(
  ejection: ReportedEjection,
  first: EjectionWindow,
  last: EjectionWindow,
  surroundings: Surroundings,
): string[] {
  const start = agreement(ejection.ejectedMs, startOf(first));
  const end = agreement(ejection.unejectedMs, endOf(last));
  const parts: string[] = [];
  const late: string[] = [];
  for (const [how, reported, seenMs, what] of [
    [start, ejection.ejectedMs, first.startMs, 'went out'],
    [end, ejection.unejectedMs, last.endMs, 'came back'],
  ] as const) {
    if (reported === null || how === 'same') continue;
    if (how === 'differs') parts.push(differs(what, ejection));
    else late.push(seenMs === null ? what : `${what} ${secondsOf(seenMs - reported[1])} s later`);
  }
  if (late.length > 0)
    parts.unshift(`for the client it ${late.join(' and ')}: ${merging(ejection, surroundings)}`);
  return parts;
}

/** A change is delayed by one that came within the merge window before, and that one may have been delayed itself. */
const NEAR_MS = 2 * MERGE_WINDOW_MS + SLACK_MS;

function merging(ejection: ReportedEjection, { reported }: Surroundings): string {
  const changes = reported.flatMap((other) => (other.cluster === ejection.cluster ? changesOf(other) : []));
  const isNear = changesOf(ejection).some((own) => changes.some((at) => at < own && own - at <= NEAR_MS));
  const why =
    'Envoy applies host-set changes that follow another of the cluster within 1 s together, up to 1 s later';
  return isNear ? why : `${why}, though no other is known`;
}

function changesOf({ ejectedMs, unejectedMs }: ReportedEjection): number[] {
  return [ejectedMs, unejectedMs].flatMap((span) => (span === null ? [] : [span[0]]));
}

function differs(what: string, { from }: ReportedEjection): string {
  const other =
    from === 'admin' ? 'it was back between two looks' : 'changes that the gateway does not report';
  const who = `another replica, or ${other}`;
  return `for the client it ${what} at a time that bounds and merging of host-set changes do not explain: ${who}`;
}

function noEnd(ejection: ReportedEjection, endMs: number, { completeUntilMs }: Surroundings): string {
  const back = `it served again from ${secondsOf(endMs)} s on`;
  if (ejection.from === 'event-log' && completeUntilMs !== null && endMs > completeUntilMs) {
    return `${back}, after what is in the log`;
  }
  if (ejection.from === 'admin') return `${back}, though the gateway counted it as ejected to the end`;
  return `${back} without a line: a changed DestinationRule rebuilds the cluster and so clears ejections, or the log lacks lines`;
}

function times(n: number): string {
  return n === 1 ? 'once' : `${n} times`;
}

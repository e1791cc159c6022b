/** Why the client saw an absence otherwise than the gateway tells it, in a sentence. */

import type { Span } from '../../blocks/gateway-observations.js';
import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';
import { counted } from '../../text/numbers.js';
import type { EjectionWindow, Visibility } from '../ejections/result.js';
import { SLACK_MS } from '../envoy-timing.js';
import { endOf, type Match, startOf } from './match-windows.js';
import type { ReportedEjection } from './reported-ejection.js';

/** What is needed besides the two. */
export interface Surroundings {
  /** All that the gateway tells. */
  readonly told: readonly ReportedEjection[];
  /** What is looked at, ms on the run clock. */
  readonly spanMs: Span;
  /** The log may lack what happened later; null without a log. */
  readonly completeUntilMs: number | null;
  readonly visibility: ReadonlyMap<string, Visibility>;
  /** Admin interfaces that were watched. */
  readonly admins: number;
}

/** @param seen what the client saw of it, by time */
export function explain(
  absence: ReportedEjection,
  seen: readonly EjectionWindow[],
  match: Match,
  surroundings: Surroundings,
): string {
  const parts = [
    ...whoSays(absence, surroundings),
    ...(seen.length === 0 ? unseen(absence, surroundings) : compared(absence, seen, match, surroundings)),
  ];
  return parts.join('; ');
}

function whoSays({ from, source, type }: ReportedEjection, { admins }: Surroundings): string[] {
  if (from === 'admin') return admins > 1 ? [`by ${source}`] : [];
  // The rest of the report is about 5xx in a row.
  return type === null || type === 'CONSECUTIVE_5XX' ? [] : [`ejected by ${type}`];
}

type Agreement = 'same' | 'merged' | 'differs';

function compared(
  absence: ReportedEjection,
  seen: readonly EjectionWindow[],
  { shared, endpoint }: Match,
  surroundings: Surroundings,
): string[] {
  const first = seen[0] as EjectionWindow;
  const last = seen.at(-1) as EjectionWindow;
  const start = agreement(absence.ejectedMs, startOf(first));
  const end = agreement(absence.unejectedMs, endOf(last));
  const parts: string[] = [];
  if (shared)
    parts.push(
      'the client saw no request between this and another of its absences, and has one window for both',
    );
  else {
    const late: string[] = [];
    for (const [how, said, seenMs, what] of [
      [start, absence.ejectedMs, first.startMs, 'went out'],
      [end, absence.unejectedMs, last.endMs, 'came back'],
    ] as const) {
      if (said === null || how === 'same') continue;
      if (how === 'merged')
        late.push(seenMs === null ? what : `${what} ${seconds(seenMs - said[1])} s later`);
      else parts.push(differs(what, absence));
    }
    if (late.length > 0)
      parts.unshift(`for the client it ${late.join(' and ')}: ${merging(absence, surroundings)}`);
    if (seen.length > 1) parts.push(`it was back ${times(seen.length - 1)} between two looks`);
    if (parts.length === 0) parts.push('the same');
  }
  if (absence.unejectedMs === null && last.endMs !== null)
    parts.push(noEnd(absence, last.endMs, surroundings));
  if (absence.cleared && absence.unejectedMs !== null) {
    parts.push('no line says that it was put back: the time is between what was told before and after');
  }
  if (absence.gone) parts.push('it was taken out of the cluster instead of being put back');
  if (first.fraction < 1) {
    parts.push(
      `the client lost ${Math.round(first.fraction * 100)} % of its traffic: other replicas of the gateway went on sending`,
    );
  }
  if (endpoint === null) parts.push('which endpoint this address is, times alone do not tell for certain');
  return parts;
}

function agreement(said: Span | null, seen: Span): Agreement {
  if (said === null) return 'same';
  const reaches = (lateMs: number) => said[0] - SLACK_MS <= seen[1] && said[1] + lateMs + SLACK_MS >= seen[0];
  return reaches(0) ? 'same' : reaches(MERGE_WINDOW_MS) ? 'merged' : 'differs';
}

/** A change that came soon after another waits; and that one may have waited itself. */
const NEAR_MS = 2 * MERGE_WINDOW_MS + SLACK_MS;

function merging(absence: ReportedEjection, { told }: Surroundings): string {
  const moments = told.flatMap((other) => (other.cluster === absence.cluster ? momentsOf(other) : []));
  const near = momentsOf(absence).some((own) => moments.some((at) => at < own && own - at <= NEAR_MS));
  const why =
    'Envoy applies host-set changes that follow another of the cluster within 1 s together, up to 1 s later';
  return near ? why : `${why}, though no other is known`;
}

function momentsOf({ ejectedMs, unejectedMs }: ReportedEjection): number[] {
  return [ejectedMs, unejectedMs].flatMap((span) => (span === null ? [] : [span[0]]));
}

function differs(what: string, { from }: ReportedEjection): string {
  const other =
    from === 'admin' ? 'it was back between two looks' : "changes that are not in the gateway's word";
  const who = `another replica, or ${other}`;
  return `for the client it ${what} at another time than bounds and the merge of host-set changes explain: ${who}`;
}

function noEnd(absence: ReportedEjection, endMs: number, { completeUntilMs }: Surroundings): string {
  const back = `it served again from ${(endMs / 1000).toFixed(2)} s on`;
  if (absence.from === 'event-log' && completeUntilMs !== null && endMs > completeUntilMs) {
    return `${back}, after what is in the log`;
  }
  if (absence.from === 'admin') return `${back}, though the gateway counted it as ejected to the end`;
  return `${back} without a line: a changed DestinationRule builds the cluster anew and clears ejections so, or the log lacks lines`;
}

function unseen(absence: ReportedEjection, { visibility, spanMs }: Surroundings): string[] {
  const [fromMs, toMs] = spanMs;
  const lastedMs = (absence.unejectedMs?.[0] ?? toMs) - (absence.ejectedMs?.[1] ?? fromMs);
  const seen = absence.version === null ? undefined : visibility.get(absence.version);
  const shortest = seen?.shortestMs ?? null;
  if (absence.version !== null && (seen === undefined || shortest === null)) {
    return ['not seen: responses do not tell which endpoint of the version answered'];
  }
  if (shortest !== null && lastedMs < shortest) {
    return [
      `not seen: too short, or too little traffic: ${seconds(lastedMs)} s, and this traffic shows absences from ` +
        `${seconds(shortest)} s on`,
    ];
  }
  if (absence.ejectedMs !== null && absence.unejectedMs !== null && lastedMs < MERGE_WINDOW_MS + SLACK_MS) {
    return ['not seen: it was over before Envoy had to apply it (host-set changes within 1 s are merged)'];
  }
  const isLate = absence.ejectedMs !== null && absence.unejectedMs === null;
  if (isLate && lastedMs < MERGE_WINDOW_MS + SLACK_MS + (shortest ?? 0)) {
    return [
      'not seen: so shortly before the end it may not have taken effect yet, or not for long enough ' +
        '(host-set changes within 1 s are merged)',
    ];
  }
  if (absence.ejectedMs !== null && absence.ejectedMs[0] - fromMs < (shortest ?? 0)) {
    return ['not seen: it began so early that too few requests had gone to the endpoint for it to be missed'];
  }
  if (absence.ejectedMs === null) {
    return [
      'not seen: it was out from the beginning on, and the client had not met the endpoint before, or met it through ' +
        'other replicas of the gateway, or other clusters',
    ];
  }
  if (absence.version === null) return ['not seen: which version the cluster is, its name does not tell'];
  return [
    'not seen: the endpoint went on answering, as when other replicas of the gateway, or other clusters, send to it',
  ];
}

/** Remarks on what only the client saw. */
export function explainClientOnly(
  windows: readonly EjectionWindow[],
  unknownAfterMs: number | null,
): string[] {
  const groups = new Map<string, number>();
  for (const window of windows) {
    const why = whyAlone(window, unknownAfterMs);
    groups.set(why, (groups.get(why) ?? 0) + 1);
  }
  return [...groups].map(
    ([why, n]) =>
      `${counted(n, 'absence')} that the client saw ${n === 1 ? 'is' : 'are'} not in the gateway's word: ${why}.`,
  );
}

function whyAlone(
  { kind, fraction, startBoundsMs: [, hi] }: EjectionWindow,
  unknownAfterMs: number | null,
): string {
  if (unknownAfterMs !== null && hi > unknownAfterMs - SLACK_MS) return 'the log may lack lines of that time';
  if (fraction < 1) return 'another replica of the gateway ejected it';
  if (kind === 'left') return 'the endpoint could not be reached and left, which is no ejection';
  if (kind === 'joined') return 'it was added while the run went on, which is no ejection';
  if (kind === 'silent') {
    return 'nothing was ejected, so the endpoint left or was sent nothing for another reason, or another replica ejected it';
  }
  return 'another gateway or replica ejected it, or this is the word of another one';
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(2);
}

function times(n: number): string {
  return n === 1 ? 'once' : `${n} times`;
}

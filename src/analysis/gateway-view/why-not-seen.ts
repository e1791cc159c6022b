/** Explains why the client did not see a reported ejection, or the gateway did not report an absence that the client saw. */

import type { Span } from '../../blocks/gateway-observations.js';
import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';
import { secondsOf } from '../../text/durations.js';
import { counted } from '../../text/numbers.js';
import type { EjectionWindow, Visibility } from '../ejections/result.js';
import { SLACK_MS } from '../envoy-timing.js';
import type { ReportedEjection } from './reported-ejection.js';

/** What an explanation needs in addition to the ejection and the windows. */
export interface Surroundings {
  /** All reported ejections. */
  readonly reported: readonly ReportedEjection[];
  /** Span of the requests, ms on the run clock. */
  readonly spanMs: Span;
  /** From this time on the log may lack lines; null: there is no log. */
  readonly completeUntilMs: number | null;
  /** Visibility of absences, by version. */
  readonly visibility: ReadonlyMap<string, Visibility>;
  /** How many admin interfaces were watched. */
  readonly admins: number;
}

/** The reason, as parts of a sentence, why the client did not see a reported ejection. */
export function whyNotSeen(
  { version, ejectedMs, unejectedMs }: ReportedEjection,
  { visibility, spanMs: [fromMs, toMs] }: Pick<Surroundings, 'visibility' | 'spanMs'>,
): string[] {
  const lastedMs = (unejectedMs?.[0] ?? toMs) - (ejectedMs?.[1] ?? fromMs);
  const seen = version === null ? undefined : visibility.get(version);
  const shortest = seen?.shortestMs ?? null;
  if (version !== null && (seen === undefined || shortest === null)) {
    return ['not seen: responses do not name the endpoint of the version'];
  }
  if (shortest !== null && lastedMs < shortest) {
    return [
      `not seen: too short, or too little traffic: ${secondsOf(lastedMs)} s, and this traffic shows absences from ` +
        `${secondsOf(shortest)} s on`,
    ];
  }
  if (ejectedMs !== null && unejectedMs !== null && lastedMs < MERGE_WINDOW_MS + SLACK_MS) {
    return ['not seen: it ended before Envoy applied it (host-set changes within 1 s are merged)'];
  }
  const isOpen = ejectedMs !== null && unejectedMs === null;
  if (isOpen && lastedMs < MERGE_WINDOW_MS + SLACK_MS + (shortest ?? 0)) {
    return [
      'not seen: so shortly before the end it may not have taken effect yet, or not for long enough ' +
        '(host-set changes within 1 s are merged)',
    ];
  }
  if (ejectedMs !== null && ejectedMs[0] - fromMs < (shortest ?? 0)) {
    return ['not seen: it began so early that too few requests had gone to the endpoint for it to be missed'];
  }
  if (ejectedMs === null) {
    return [
      'not seen: it was out from the beginning, and the endpoint had not answered before, or answered through other ' +
        'replicas of the gateway, or other clusters',
    ];
  }
  if (version === null) return ['not seen: the name of the cluster does not say which version it is'];
  return [
    'not seen: the endpoint went on answering, as when other replicas of the gateway, or other clusters, send to it',
  ];
}

/** Remarks on the client's windows that the gateway did not report, one per reason. */
export function explainClientOnly(
  windows: readonly EjectionWindow[],
  unknownAfterMs: number | null,
): string[] {
  const counts = new Map<string, number>();
  for (const window of windows) {
    const why = whyNotReported(window, unknownAfterMs);
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return [...counts].map(
    ([why, n]) =>
      `${counted(n, 'absence')} that the client saw ${n === 1 ? 'is' : 'are'} not reported by the gateway: ${why}.`,
  );
}

function whyNotReported(
  { kind, fraction, startBoundsMs: [, hi] }: EjectionWindow,
  unknownAfterMs: number | null,
): string {
  if (unknownAfterMs !== null && hi > unknownAfterMs - SLACK_MS) return 'the log may lack lines of that time';
  if (fraction < 1) return 'another replica of the gateway ejected it';
  if (kind === 'left') return 'the endpoint could not be reached and left, which is not an ejection';
  if (kind === 'joined') return 'it was added during the run, which is not an ejection';
  if (kind === 'silent') {
    return 'nothing was ejected, so the endpoint left or was sent nothing for another reason, or another replica ejected it';
  }
  return 'another gateway or replica ejected it, or the reports are of another one';
}

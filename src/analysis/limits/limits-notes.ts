/** What to know about a search for limits, in sentences. */
import { sum } from '../../collections.js';
import type { ClusterLimits } from '../../plan/limit-facts.js';
import type { Note } from '../../plan/plan.js';
import { count, counted, tally } from '../../text/numbers.js';
import { quoted } from '../../text/printable.js';
import { percentOf } from '../notes/note-maker.js';
import { isBehind, ownFaultsIn } from './client-limits.js';
import { levelOf } from './levels.js';
import { manyOthersIn } from './other-refusals.js';
import type { FoundLimits, GatewayCounts, LimitsRequests, StepResult } from './result.js';

/** Names that a note lists. */
const MAX_NAMES = 8;
/** So far below the knee, as a part of it, first refusals need a reason. */
const EARLY = 0.9;

export interface NotesInput {
  readonly found: FoundLimits;
  readonly requests: LimitsRequests;
  readonly gateway: GatewayCounts | null;
  /** None: not known. */
  readonly clusters: readonly ClusterLimits[];
  /** The time was over before the search was. */
  readonly isTimeOver: boolean;
  /** Versions that answered. */
  readonly answered: ReadonlySet<string>;
  /** All versions have their limits together. */
  readonly isOneCluster: boolean;
}

export function limitsNotes(input: NotesInput): Note[] {
  return [
    gatewayLeft,
    timeOver,
    unanswered,
    earlyRefusals,
    renewedConnections,
    otherRefusals,
    ownFaults,
    errors,
    behindSchedule,
    countsDiffer,
  ].flatMap((make) => make(input));
}

/** Whether no request of a step was answered. */
function isUnanswered({ accepted, refused, failed }: StepResult): boolean {
  return accepted + refused === 0 && failed > 0;
}

function gatewayLeft({ found }: NotesInput): Note[] {
  const step = found.steps.find(isUnanswered);
  if (step === undefined) return [];
  const text = `The gateway answered nothing at ${levelInWords(found, levelOf(step))} (${tally(step.refusedByKind)}): the search ended there.`;
  return [{ code: 'limits-gateway-left', text }];
}

/** A limit given by hand may name a version that does not exist, and a version with limits may get no requests. */
function unanswered({ clusters, answered }: NotesInput): Note[] {
  const names = clusters.flatMap(({ version }) =>
    version === null || answered.has(version) ? [] : quoted(version),
  );
  if (names.length === 0 || answered.size === 0) return [];
  const text = `Nothing of ${names.slice(0, MAX_NAMES).join(', ')} answered: ${names.length === 1 ? 'its' : 'their'} limits were not reached. Versions that answered: ${[
    ...answered,
  ]
    .slice(0, MAX_NAMES)
    .map((name) => quoted(name))
    .join(', ')}.`;
  return [{ code: 'limits-unanswered', text }];
}

function timeOver({ isTimeOver }: NotesInput): Note[] {
  if (!isTimeOver) return [];
  const text =
    'The time (--max-time) was over before the search. With more time the interval of the knee is narrower, and the recovery is measured.';
  return [{ code: 'limits-time-over', text }];
}

function earlyRefusals({ found, answered, isOneCluster }: NotesInput): Note[] {
  const first = found.firstRefusalConnections ?? found.firstRefusalPerSecond;
  const knee = found.kneeConnections ?? found.kneePerSecond;
  if (first === null || knee === null || first > EARLY * knee) return [];
  // What no limit refused begins at any load.
  const there = found.levels.filter((step) => levelOf(step) === first);
  if (Object.keys(manyOthersIn(there, true)).length > 0) return [];
  const why =
    answered.size > 1 && !isOneCluster
      ? 'load comes at random: for moments one version has more than its share in flight, and is full while others are not'
      : 'places are taken for moments by what this client does not send or see: other clients, retries, connections that are being renewed';
  return [{ code: 'limits-early-refusals', text: `Refusals begin below the knee because ${why}.` }];
}

function renewedConnections({ found, clusters }: NotesInput): Note[] {
  const perConnection = clusters.flatMap(({ maxRequestsPerConnection }) => maxRequestsPerConnection ?? []);
  if (perConnection.length === 0 || (found.kneeConnections ?? found.kneePerSecond) === null) return [];
  const text =
    `The gateway closes each connection to a backend after ${counted(Math.min(...perConnection), 'request')} (maxRequestsPerConnection). While it opens ` +
    'another nothing is served there, and one that is being closed still counts. So refusals begin earlier, and the knee may be a few percent ' +
    'below the prediction.';
  return [{ code: 'limits-renewed-connections', text }];
}

function otherRefusals({ requests: { byKind, accepted, refused, failed } }: NotesInput): Note[] {
  const all = accepted + refused + failed;
  const say = (kind: string, text: string): Note[] => {
    const number = byKind[kind] ?? 0;
    if (number === 0) return [];
    return [
      {
        code: 'limits-other-refusals',
        text: `${counted(number, 'request')} (${percentOf(number, all)}) ${text}`,
      },
    ];
  };
  return [
    ...say(
      'rate-limited',
      'got 429 of the gateway: a rate limit, not a circuit breaker. It counts requests per time, so --search rate finds it.',
    ),
    ...say(
      'no-healthy-upstream',
      'got "no healthy upstream": all endpoints of a version were ejected or gone. That is not a limit, but it changes where the limits are.',
    ),
    ...say(
      'connection-termination',
      'got "connection termination": a backend closed the connection in the middle of a request.',
    ),
    ...say('upstream-timeout', "got 504: the route's time-out was over before the backend answered."),
  ];
}

function ownFaults({ requests: { byKind } }: NotesInput): Note[] {
  const number = ownFaultsIn(byKind);
  if (number === 0) return [];
  const text = `${counted(number, 'request')} failed because of this machine, which had no file descriptor or no local port left: what was found from there on is its limit, not the gateway's.`;
  return [{ code: 'limits-own-fault', text }];
}

function errors({ found }: NotesInput): Note[] {
  const number = sum(found.steps.map((step) => step.errors));
  const accepted = sum(found.steps.map((step) => step.accepted));
  if (number === 0) return [];
  const text = `${counted(number, 'answer')} of backends (${percentOf(number, accepted)}) had a status of 5xx. They count as accepted: limits let them through.`;
  return [{ code: 'limits-backend-errors', text }];
}

function behindSchedule({ found }: NotesInput): Note[] {
  const slow = found.levels.find(isBehind);
  if (slow === undefined) return [];
  const text =
    `At ${levelInWords(found, levelOf(slow))} only ${count(Math.round(slow.offered))} a second ended: all connections were busy, or this ` +
    'machine was too slow. A larger --max-connections allows more in flight.';
  return [{ code: 'limits-behind-schedule', text }];
}

function countsDiffer({ gateway, requests }: NotesInput): Note[] {
  const overflows = gateway?.overflows ?? null;
  if (overflows === null || overflows.client === overflows.gateway) return [];
  const more = overflows.gateway > overflows.client;
  const why = more
    ? 'Other clients, and retries that the gateway refused again, count there too.'
    : `Refusals at the end may not be in its counters yet${requests.cutOff > 0 ? ', and requests were cut off' : ''}; with several replicas, give --envoy-admin for each.`;
  const text = `The gateway counted ${counted(overflows.gateway, 'overflow')}, the client ${count(overflows.client)}. ${why}`;
  return [{ code: 'limits-counts-differ', text }];
}

/** `240 connections`, `1,500 requests per second` */
function levelInWords({ search }: FoundLimits, level: number): string {
  return search === 'connections'
    ? counted(level, 'connection')
    : `${count(Math.round(level))} requests per second`;
}

/** Why two results may differ by something else than what is tested: each in a sentence. */
import { count, counted } from '../../text/numbers.js';
import { safeText } from '../../text/printable.js';
import { histogramOf } from './histogram.js';
import { type Comparable, type ComparableRun, isLimits, type Named } from './inputs.js';
import type { CompareWarning } from './result.js';
import { sharedVersions } from './run-questions.js';
import { COMMON, OF_LIMITS, OF_RUNS, type Setting } from './settings.js';
import { designEffect } from './spells.js';

/** Notes of a result that say that its figures are of the client too, or of a part of a run. */
const TOLD: Readonly<Record<string, string>> = {
  'generator-busy':
    'a thread that sent the requests was busy nearly all the time: its times are of the client too',
  'generator-late': 'this machine was late with requests: times from their due times include that',
  'waited-for-connection': 'requests waited for a free connection: their times include that',
  cut: 'it is over a part of its requests only',
  'clock-step': 'the wall clock was set during the run',
};

/** How a run may end, in words. */
const ENDINGS: Readonly<Record<string, string>> = {
  interrupted: 'it was interrupted (Ctrl-C): its figures are of a part of the run',
  terminated: 'it was ended by a signal: its figures are of a part of the run',
  truncated: 'its file is cut: its figures are of a part of the run',
  failed: 'it broke off by an error: its figures are of a part of the run',
};

export function warningsOn(reference: Named<Comparable>, other: Named<Comparable>): CompareWarning[] {
  const [a, b] = [reference.result, other.result];
  const names = [safeText(reference.name), safeText(other.name)] as const;
  return [
    ...sameRun(reference, other),
    ...differing(COMMON, a, b, names),
    ...(isLimits(a) || isLimits(b) ? [] : [...differing(OF_RUNS, a, b, names), ...leftOut(a, b)]),
    ...(isLimits(a) && isLimits(b) ? differing(OF_LIMITS, a, b, names) : []),
    ...(isLimits(a) || isLimits(b) ? [] : otherErrors(a, b)),
    ...[reference, other].flatMap((one) => [...toldOf(one), ...spells(one)]),
  ];
}

function differing<Result>(
  settings: readonly Setting<Result>[],
  a: Result,
  b: Result,
  [first, second]: readonly [first: string, second: string],
): CompareWarning[] {
  return settings.flatMap(({ code, what, of }) => {
    const [from, to] = [of(a), of(b)];
    return from === null || to === null || from === to
      ? []
      : [{ code, text: `Not the same ${what}: ${safeText(from)} (${first}), ${safeText(to)} (${second}).` }];
  });
}

function sameRun(
  { name, result: a }: Named<Comparable>,
  { name: other, result: b }: Named<Comparable>,
): CompareWarning[] {
  const isSame =
    a.startedAt === b.startedAt &&
    a.target.url === b.target.url &&
    a.requests.scheduled === b.requests.scheduled &&
    a.durationMs === b.durationMs;
  return isSame
    ? [
        {
          code: 'same-run',
          text: `${safeText(name)} and ${safeText(other)} are the same run: both began at ${a.startedAt}.`,
        },
      ]
    : [];
}

function leftOut(a: ComparableRun, b: ComparableRun): CompareWarning[] {
  const { leftOut: versions } = sharedVersions(a, b);
  return versions === 0
    ? []
    : [
        {
          code: 'versions-bounded',
          text: `${counted(versions, 'version')} with the fewest requests ${versions === 1 ? 'is' : 'are'} not compared: there are too many.`,
        },
      ];
}

/** By so much error rates must differ to change a p99. */
const MANY_ERRORS = 0.01;

/** Errors that are answered at once make latency look better, and slow ones worse. */
function otherErrors(a: ComparableRun, b: ComparableRun): CompareWarning[] {
  const versions = sharedVersions(a, b).shared.filter((version) => {
    const [from, to] = [a, b].map((run) => run.versions.find((one) => one.version === version)?.errorRate);
    return Math.abs((to ?? 0) - (from ?? 0)) >= MANY_ERRORS;
  });
  const [first] = versions;
  if (first === undefined) return [];
  const others = versions.length - 1;
  const [more, whose] = others === 0 ? ['', 'its'] : [` and ${counted(others, 'other version')}`, 'their'];
  return [
    {
      code: 'errors-in-latency',
      text: `${safeText(first)}${more}: not the same part of ${whose} answers are errors. Latency is that of all answers, and an error often takes less time, or more.`,
    },
  ];
}

/** From this design effect on the intervals are twice as wide. */
const MUCH = 4;

/** Answers in slow and fast spells tell less: then intervals of latency are wide. */
function spells({ name, result }: Named<Comparable>): CompareWarning[] {
  if (isLimits(result)) return [];
  const effects = result.versions.map(({ version, latencyUs }) =>
    designEffect(result, version, histogramOf(latencyUs)),
  );
  const largest = Math.max(1, ...effects);
  return largest < MUCH
    ? []
    : [
        {
          code: 'slow-spells',
          text: `${safeText(name)}: its answers came in slow and fast spells: as to latency, ${count(largest)} of them count as one.`,
        },
      ];
}

function toldOf({ name, result }: Named<Comparable>): CompareWarning[] {
  const ending = ENDINGS[result.ended];
  const codes = new Set(result.notes.map(({ code }) => code));
  return [
    ...(ending === undefined ? [] : [{ code: 'ended-early', text: `${safeText(name)}: ${ending}.` }]),
    ...Object.entries(TOLD)
      .filter(([code]) => codes.has(code))
      .map(([code, text]) => ({ code, text: `${safeText(name)}: ${text}.` })),
  ];
}

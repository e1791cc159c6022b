/** Figures of two results that have no interval: they are shown side by side, and nothing is claimed. */
import type { Verdict } from '../verdict.js';
import type { ComparableLimits, ComparableRun, ComparableWindow } from './inputs.js';
import type { CheckChange, ErrorKindPair, FigurePair } from './result.js';

export function runFigures(base: ComparableRun, own: ComparableRun): FigurePair[] {
  const pair = (
    figure: FigurePair['figure'],
    unit: FigurePair['unit'],
    of: (run: ComparableRun) => number | null,
  ): FigurePair => ({ figure, unit, reference: of(base), value: of(own) });
  const windows =
    (from: (windows: readonly ComparableWindow[], endMs: number) => number | null) =>
    ({ ejections, identifier, durationMs }: ComparableRun) =>
      // Without the endpoints' names, no window is seen, and that is not known to be none.
      ejections === null || (ejections.windows.length === 0 && identifier.endpoint === 'none')
        ? null
        : from(ejections.windows, durationMs);
  const all = [
    pair('requests-per-second', 'per-second', ({ requestsPerSecond }) => requestsPerSecond),
    pair(
      'ejection-windows',
      null,
      windows((list) => list.length),
    ),
    pair(
      'ejected-endpoints',
      null,
      windows((list) => new Set(list.map(nameOf)).size),
    ),
    pair('time-out-of-rotation', 'ms', windows(timeOut)),
    pair('leaked-errors', null, windows(leakedIn)),
  ];
  // Of runs without windows, one line says it.
  const none = all.slice(1).every(({ reference, value }) => (reference ?? 0) === 0 && (value ?? 0) === 0);
  return none ? all.slice(0, 2) : all;
}

function nameOf({ version, endpoint }: ComparableWindow): string {
  return JSON.stringify([version, endpoint]);
}

/** Of all endpoints together. A window that began before the run, or had no end, counts from its beginning or up to its end. */
function timeOut(windows: readonly ComparableWindow[], endMs: number): number {
  return windows.reduce(
    (sum, window) => sum + Math.max(0, (window.endMs ?? endMs) - (window.startMs ?? 0)),
    0,
  );
}

/** Null: of a window it is not known. */
function leakedIn(windows: readonly ComparableWindow[]): number | null {
  return windows.reduce<number | null>(
    (sum, { leaked }) => (sum === null || leaked === null ? null : sum + leaked),
    0,
  );
}

export function limitsFigures(base: ComparableLimits, own: ComparableLimits): FigurePair[] {
  const byRate = base.limits.search === 'rate';
  const unit = byRate ? 'per-second' : 'connections';
  const pair = (
    figure: FigurePair['figure'],
    unit: FigurePair['unit'],
    of: (limits: ComparableLimits['limits']) => number | null,
  ): FigurePair => ({
    figure,
    unit,
    reference: of(base.limits),
    value: unit === 'ms' || base.limits.search === own.limits.search ? of(own.limits) : null,
  });
  return [
    pair('first-refusal', unit, (l) => (byRate ? l.firstRefusalPerSecond : l.firstRefusalConnections)),
    pair('last-accepted', unit, (l) => (byRate ? l.lastAcceptedPerSecond : l.lastAcceptedConnections)),
    pair('predicted-knee', unit, (l) => l.predictedKnee),
    pair('largest-goodput', 'per-second', ({ levels }) =>
      levels.length === 0 ? null : Math.max(...levels.map(({ goodput }) => goodput)),
    ),
    pair('recovery', 'ms', (l) => l.recoveryMs),
  ];
}

/** Errors, or refusals, by kind. */
export interface KindCounts {
  readonly kinds: Readonly<Record<string, number>>;
  /** They are among so many. */
  readonly of: number;
}

/** The largest of both first. */
export function errorKindPairs(base: KindCounts, own: KindCounts): ErrorKindPair[] {
  const among = ({ kinds }: KindCounts, kind: string) =>
    Object.hasOwn(kinds, kind) ? (kinds[kind] as number) : 0;
  const percent = (from: KindCounts, kind: string) =>
    from.of === 0 ? null : (among(from, kind) / from.of) * 100;
  return [...new Set([...Object.keys(base.kinds), ...Object.keys(own.kinds)])]
    .map((kind) => ({
      kind,
      reference: among(base, kind),
      value: among(own, kind),
      referencePercent: percent(base, kind),
      valuePercent: percent(own, kind),
    }))
    .sort((a, b) => Math.max(b.reference, b.value) - Math.max(a.reference, a.value));
}

interface OwnCheck {
  readonly name: string;
  readonly verdict: Verdict;
  readonly text: string;
}

/** In the order of the second, then those that only the first has. */
export function changedChecks(base: readonly OwnCheck[], own: readonly OwnCheck[]): CheckChange[] {
  const find = (list: readonly OwnCheck[], name: string) => list.find((check) => check.name === name);
  const names = new Set([...own, ...base].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [before, after] = [find(base, name), find(own, name)];
    return before?.verdict === after?.verdict
      ? []
      : [
          {
            name,
            reference: before?.verdict ?? null,
            value: after?.verdict ?? null,
            text: after?.text ?? null,
          },
        ];
  });
}

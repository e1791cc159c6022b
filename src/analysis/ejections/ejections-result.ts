/** Makes the part `ejections` of a result from the findings, and compares it with the rules. */

import { compareText } from '../../collections.js';
import type { VersionWatch } from './detect/version-watch.js';
import { episodesOf } from './episodes.js';
import { type EjectionFindings, endpointName, versionName } from './findings.js';
import type { EjectionsResult, EjectionTimeline, EjectionWindow, Visibility } from './result.js';
import { type ComparedWindows, compareWithRules } from './rules/compare-with-rules.js';
import { streakRecords, windowsOf } from './windows.js';

/** Without a rule, absences of this length should be visible. */
const DEFAULT_BASE_MS = 1_000;

/** What was found, and how to compare its windows again once more is known of them. */
export interface FoundEjections {
  readonly result: EjectionsResult;
  readonly compare: (windows: readonly EjectionWindow[]) => ComparedWindows;
}

export function foundEjections(findings: EjectionFindings): FoundEjections {
  const { watches } = findings;
  const seen = {
    streaks: streakRecords(findings),
    endpointsSeen: new Map([...watches].map(([slot, { size }]) => [versionName(findings, slot), size])),
    rules: findings.rules,
  };
  const compare = (windows: readonly EjectionWindow[]) => compareWithRules({ ...seen, windows });
  return { result: ejectionsResult(findings, compare(sortedWindows(findings))), compare };
}

function ejectionsResult(findings: EjectionFindings, { windows, rules }: ComparedWindows): EjectionsResult {
  const { watches } = findings;
  return {
    windows,
    episodes: episodesOf(findings),
    visibility: [...watches.values()]
      .map((watch) => visibilityOf(findings, watch))
      .sort((a, b) => compareText(a.version, b.version)),
    rules,
    timeline: timelineOf(findings),
    gateway: null,
    remarks: remarksOn(findings),
  };
}

/** Windows by their start, not compared with rules. */
export function sortedWindows(findings: EjectionFindings): EjectionWindow[] {
  return (
    [...findings.watches.values()]
      .flatMap((watch) => windowsOf(findings, watch))
      // A request whose row came too late may have gone to an endpoint that seems absent. Without 5xx, nothing is certain.
      .filter(({ kind }) => findings.late === 0 || kind === 'ejected')
      .sort(
        (a, b) =>
          (a.startMs ?? 0) - (b.startMs ?? 0) ||
          compareText(a.version, b.version) ||
          compareText(a.endpoint, b.endpoint),
      )
  );
}

function visibilityOf(findings: EjectionFindings, watch: VersionWatch): Visibility {
  const { spanMs, requests } = findings;
  const { missesNeeded } = watch;
  const shortestMs =
    missesNeeded === 0 || watch.requests === 0 ? null : (missesNeeded * spanMs) / watch.requests;
  const wantedMs = watch.rule?.baseEjectionTimeMs ?? DEFAULT_BASE_MS;
  const isEnough = shortestMs === null || shortestMs <= wantedMs || spanMs === 0;
  return {
    version: versionName(findings, watch.slot),
    endpoints: watch.size,
    withoutEndpoint: watch.withoutEndpoint,
    shortestMs,
    ratePerSecondNeeded: isEnough ? null : (requests / (spanMs / 1000)) * (shortestMs / wantedMs),
  };
}

function timelineOf(findings: EjectionFindings): EjectionTimeline {
  const { timeline, windows, watches } = findings;
  return {
    sliceMs: timeline.sliceMs,
    rows: timeline
      .result([...windows.values()].flat())
      .filter(({ slot }) => watches.has(slot))
      .map(({ slot, endpoint, slices }) => ({
        version: versionName(findings, slot),
        endpoint: endpointName(findings, endpoint),
        slices,
      }))
      .sort((a, b) => compareText(a.version, b.version) || compareText(a.endpoint, b.endpoint)),
  };
}

function remarksOn({ watches, late }: EjectionFindings): string[] {
  const dropped = [...watches.values()].reduce((sum, watch) => sum + watch.dropped, 0);
  const remarks: string[] = [];
  if (dropped > 0) remarks.push(`${dropped} more windows and streaks of 5xx were found than are kept.`);
  if (late > 0) {
    remarks.push(
      `${late} requests came too late to be put in order: windows near them may be wrong, and absences without 5xx ` +
        'before them are left out.',
    );
  }
  return remarks;
}

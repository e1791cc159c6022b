/** The episodes of the result: what happened to whole versions. */

import { compareText } from '../../collections.js';
import type { ErrorBurst } from './detect/error-bursts.js';
import type { VersionOutage } from './detect/route-watch.js';
import { type EjectionFindings, msOrNull, versionName } from './findings.js';
import type { VersionEpisode } from './result.js';

/** Episodes in order of start. */
export function episodesOf(findings: EjectionFindings): VersionEpisode[] {
  const { outages, errors, overflows } = findings;
  const episodes = [
    ...outages.map((outage) => fromOutage(findings, outage)),
    ...[...errors].flatMap(([slot, { bursts }]) =>
      bursts.map((burst) => fromBurst(findings, slot, '5xx', burst)),
    ),
    ...[...overflows].flatMap(([slot, { bursts }]) =>
      bursts.map((burst) => fromBurst(findings, slot, 'overflow', burst)),
    ),
  ];
  return episodes.sort(
    (a, b) => a.startMs - b.startMs || compareText(a.version, b.version) || compareText(a.kind, b.kind),
  );
}

function fromOutage(
  findings: EjectionFindings,
  { slot, kind, startUs, endUs, requests, expected }: VersionOutage,
): VersionEpisode {
  return {
    version: versionName(findings, slot),
    kind,
    startMs: startUs / 1000,
    endMs: msOrNull(endUs),
    requests,
    share: expected > 0 ? Math.min(1, requests / expected) : null,
    serviceTimeUs: { before: null, after: null },
  };
}

function fromBurst(
  findings: EjectionFindings,
  slot: number,
  kind: '5xx' | 'overflow',
  { startUs, endUs, errors, part, beforeUs, afterUs }: ErrorBurst,
): VersionEpisode {
  return {
    version: versionName(findings, slot),
    kind,
    startMs: startUs / 1000,
    endMs: msOrNull(endUs),
    requests: errors,
    share: part,
    serviceTimeUs: { before: beforeUs, after: afterUs },
  };
}

/** Whose times are shown, and from when they count. */
import type { LatencyResult, RunResult } from '../../analysis/result.js';

/** Times of a set of answers. */
export interface Timed {
  readonly latencyUs: LatencyResult;
  readonly serviceTimeUs: LatencyResult;
}

/** Times under a head. */
export interface TimesShown {
  readonly head: string;
  readonly of: (from: Timed) => LatencyResult;
}

/** In an open loop those from the due time come first. */
export function timesShown({ load }: RunResult): readonly TimesShown[] {
  const ofLatency = (from: Timed) => from.latencyUs;
  if (load.mode !== 'open') return [{ head: 'Latency', of: ofLatency }];
  return [
    { head: 'From due time', of: ofLatency },
    { head: 'From sending', of: (from) => from.serviceTimeUs },
  ];
}

/**
 * The versions with answers of backends, and what sums them up: all backends where the gateway answered itself too, and all answers.
 * None if nothing was answered.
 *
 * @param maxVersions at most so many versions
 */
export function answersShown(
  { overall, backends, versions }: RunResult,
  maxVersions: number,
): (readonly [name: string, times: Timed])[] {
  if (overall.requests === 0) return [];
  const answered = versions.filter(({ latencyUs }) => latencyUs.count > 0);
  const shown = answered.slice(0, maxVersions).map((one): [string, Timed] => [one.version, one]);
  const byGateway = overall.requests > backends.requests;
  if (byGateway && shown.length !== 1 && backends.requests > 0) shown.push(['all backends', backends]);
  if (byGateway || shown.length !== 1) shown.push(['all answers', overall]);
  return shown;
}

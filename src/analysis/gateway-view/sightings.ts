/** Sightings by the client and admin interfaces, each with the logged ejections that may be the same, for comparing clocks. */

import type { GatewayObservations, Span } from '../../blocks/gateway-observations.js';
import type { LoggedEjection } from '../../gateway/log-ejections.js';
import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';
import type { EjectionWindow } from '../ejections/result.js';
import type { Candidates } from './clock-offset.js';
import type { ClusterMeans } from './cluster-versions.js';
import { endOf, startOf } from './time-fit.js';

const UNBOUNDED: Span = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** @param logged ejections by the log's clock, ms since the start of the run */
export function sightingsOf(
  logged: readonly LoggedEjection[],
  windows: readonly EjectionWindow[],
  { admins }: GatewayObservations,
  means: ReadonlyMap<string, ClusterMeans>,
): Candidates[] {
  const byClient = windows.map(
    (window): Candidates => ({
      sighting: { by: 'client', startMs: startOf(window), endMs: endOf(window), lateMs: MERGE_WINDOW_MS },
      logged: logged.filter((ejection) => mayBeSame(ejection, window, means)),
    }),
  );
  const byAdmin = admins
    .flatMap(({ absences }) => absences)
    .map(
      ({ cluster, address, ejectedMs, unejectedMs }): Candidates => ({
        sighting: {
          by: 'admin',
          startMs: ejectedMs ?? UNBOUNDED,
          endMs: unejectedMs ?? UNBOUNDED,
          lateMs: 0,
        },
        logged: logged.filter((one) => one.cluster === cluster && one.address === address),
      }),
    );
  return [...byClient, ...byAdmin];
}

function mayBeSame(
  { cluster, address }: LoggedEjection,
  { version, endpoint }: EjectionWindow,
  means: ReadonlyMap<string, ClusterMeans>,
): boolean {
  const meant = means.get(cluster);
  if (meant?.kind === 'version' && meant.version !== version) return false;
  // An endpoint whose name is an address has no other address.
  return !/^[[\d].*:\d+$/.test(endpoint) || endpoint === address;
}

/** What the search for ejections found, by slots of versions and labels of endpoints. Times in µs. */
import type { EjectionRule } from '../../plan/plan.js';
import { NONE } from '../version-slots.js';
import type { ErrorBursts, OverflowBursts } from './detect/error-bursts.js';
import type { VersionOutage } from './detect/route-watch.js';
import type { VersionWatch } from './detect/version-watch.js';
import type { BoundedWindow } from './detect/window-bounds.js';
import type { EndpointTimeline } from './endpoint-timeline.js';

export interface EjectionFindings {
  /** Names of versions, by slot. */
  readonly names: readonly string[];
  /** Names of endpoints, by label. */
  readonly endpoints: readonly string[];
  readonly rules: readonly EjectionRule[];
  /** By slot, like the next fields. */
  readonly watches: ReadonlyMap<number, VersionWatch>;
  readonly windows: ReadonlyMap<number, readonly BoundedWindow[]>;
  readonly errors: ReadonlyMap<number, ErrorBursts>;
  readonly overflows: ReadonlyMap<number, OverflowBursts>;
  readonly outages: readonly VersionOutage[];
  readonly timeline: EndpointTimeline;
  /** Requests sent. */
  readonly requests: number;
  /** From the first to the last send time. */
  readonly spanMs: number;
  /** Requests whose rows came too late to be put in order. */
  readonly late: number;
}

export function versionName({ names }: EjectionFindings, slot: number): string {
  return names[slot] ?? names[NONE] ?? '';
}

export function endpointName({ endpoints }: EjectionFindings, label: number): string {
  return endpoints[label] ?? `#${label}`;
}

export function msOrNull(us: number | null): number | null {
  return us === null ? null : us / 1000;
}

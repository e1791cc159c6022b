/** An absence of an endpoint as it was found, before bounds and rules are laid on it. Times in µs. */

import type { AbsenceKind } from '../result.js';
import type { FailureState } from './failure-streak.js';
import type { Fall } from './traffic-drop.js';

export interface RawWindow {
  readonly slot: number;
  readonly endpoint: number;
  readonly kind: AbsenceKind;
  /** False: it was absent when the run began, or was not there yet. */
  readonly begunInRun: boolean;
  /** Of the last request that it was sent before, and of the last response; of the run's first when it began before. */
  readonly lastSendUs: number;
  readonly lastSeenUs: number;
  /** By when it would have been sent another. */
  readonly missedUs: number;
  /** Its 5xx before; null for other kinds than `ejected`. */
  readonly failures: FailureState | null;
  /** Other rows of 5xx shortly before, each of which can have ejected it as well. */
  readonly otherCauses: readonly FailureState[];
  /** False: they are the version's 5xx that told no endpoint. */
  readonly endpointKnown: boolean;
  /** First request after; null: none until the end of the run. */
  readonly back: { readonly sendUs: number; readonly seenUs: number } | null;
  /** It was still absent then. */
  readonly stillAbsentUs: number;
  /** Only a part of its traffic was lost, between these times; null for a whole absence. */
  readonly fall: Fall | null;
}

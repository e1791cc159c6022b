/**
 * What a comparison reads of a result. Whole results have it all; a file may be of another version of weighbridge, and only
 * these fields are read of it.
 */
import type { EjectionWindow } from '../ejections/result.js';
import type { FoundLimits, LimitsResult, StepResult } from '../limits/result.js';
import type {
  Check,
  ConnectionsResult,
  ErrorsResult,
  LatencyResult,
  LoadResult,
  RunResult,
  SplitResult,
  TargetResult,
  TimelineRow,
  ToolResult,
  VersionResult,
} from '../result.js';

export type ComparableTimes = Pick<LatencyResult, 'count' | 'min' | 'mean' | 'max' | 'histogram'>;

/** What results of runs and of searches for limits have in common. */
interface ComparableResult extends Pick<RunResult, 'startedAt' | 'durationMs' | 'ended' | 'verdict'> {
  readonly tool: Pick<ToolResult, 'version'>;
  readonly target: Pick<TargetResult, 'url' | 'method' | 'host' | 'protocol' | 'headers'>;
  /** Results of other versions may have other codes. */
  readonly notes: readonly { readonly code: string }[];
}

export interface ComparableVersion
  extends Pick<
    VersionResult,
    | 'version'
    | 'expectedShare'
    | 'requests'
    | 'share'
    | 'tolerancePoints'
    | 'errors'
    | 'errorRate'
    | 'failures'
  > {
  readonly latencyUs: ComparableTimes;
}

/** The part of a {@link RunResult} that is compared. */
export interface ComparableRun
  extends ComparableResult,
    Pick<RunResult, 'identifier' | 'requestsPerSecond' | 'failures'> {
  readonly load: Pick<
    LoadResult,
    | 'mode'
    | 'connections'
    | 'streams'
    | 'ratePerSecond'
    | 'arrival'
    | 'maxInFlight'
    | 'threads'
    | 'timeoutMs'
    | 'requestsPerConnection'
    | 'cookies'
    | 'driver'
  >;
  readonly requests: Pick<RunResult['requests'], 'scheduled' | 'cutOff'>;
  readonly errors: Pick<
    ErrorsResult,
    'requests' | 'errors' | 'errorRate' | 'intervalConfidence' | 'kinds' | 'statuses'
  >;
  readonly unattributed: Pick<RunResult['unattributed'], 'requests'>;
  readonly backends: { readonly latencyUs: ComparableTimes };
  readonly versions: readonly ComparableVersion[];
  readonly split:
    | (Pick<SplitResult, 'unit' | 'draws' | 'unknownVersion' | 'tolerancePoints'> & {
        readonly findings: readonly { readonly kind: string; readonly figure: number }[];
      })
    | null;
  readonly timeline: readonly Pick<TimelineRow, 'version' | 'requests' | 'p50Us'>[];
  readonly connections: Pick<ConnectionsResult, 'compared' | 'keepVersion'> | null;
  readonly checks: readonly Pick<Check, 'name' | 'verdict' | 'text'>[];
  readonly ejections: { readonly windows: readonly ComparableWindow[] } | null;
}

export type ComparableWindow = Pick<EjectionWindow, 'version' | 'endpoint' | 'startMs' | 'endMs' | 'leaked'>;

/** The part of a {@link LimitsResult} that is compared. */
export interface ComparableLimits extends ComparableResult {
  readonly requests: Pick<LimitsResult['requests'], 'scheduled' | 'byKind'>;
  readonly checks: readonly Pick<LimitsResult['checks'][number], 'kind' | 'verdict' | 'text'>[];
  readonly limits: Pick<
    FoundLimits,
    | 'search'
    | 'streams'
    | 'afterRefusal'
    | 'refusalThreshold'
    | 'firstRefusalConnections'
    | 'lastAcceptedConnections'
    | 'kneeConnections'
    | 'firstRefusalPerSecond'
    | 'lastAcceptedPerSecond'
    | 'kneePerSecond'
    | 'kneeBounds'
    | 'predictedKnee'
    | 'recoveryMs'
  > & {
    readonly levels: readonly Pick<StepResult, 'goodput'>[];
    readonly bottleneck: Pick<NonNullable<FoundLimits['bottleneck']>, 'kind'> | null;
  };
}

export type Comparable = ComparableRun | ComparableLimits;

/** A result to compare, and what reports call it. */
export interface Named<Result> {
  readonly name: string;
  readonly result: Result;
}

export function isLimits(result: Comparable): result is ComparableLimits {
  return 'limits' in result;
}

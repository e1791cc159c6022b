/** Makes the result of a search for limits from its steps. */
import type { BreakerReport } from '../../gateway/breaker-watch.js';
import type { LimitFacts } from '../../plan/limit-facts.js';
import { generatorBusy } from '../generator-limits.js';
import { withKind } from '../note-kind.js';
import type { RunInfo } from '../run-info.js';
import { worst } from '../stats/two-one-sided.js';
import { NONE_NAME } from '../version-slots.js';
import { bottleneckOf } from './bottleneck.js';
import { type ExpectedKnee, kneeChecks } from './checks.js';
import { isBehind, ownFaultsIn } from './client-limits.js';
import { gatewayCounts } from './gateway-counts.js';
import { kneeOf } from './knee.js';
import { firstRefusalOf, levelOf } from './levels.js';
import { limitsNotes } from './limits-notes.js';
import type { LimitsTotals } from './limits-totals.js';
import { measuredVersions } from './measured.js';
import { manyOthersIn } from './other-refusals.js';
import { predict } from './predict.js';
import type { AfterRefusal, FoundLimits, LimitsResult, StepResult } from './result.js';
import type { SearchOptions } from './search.js';

/** A little above the knee. */
const NEAR_KNEE = 1.2;

export interface SearchEnd {
  readonly info: RunInfo;
  readonly durationMs: number;
  readonly search: SearchOptions;
  /** Requests at once on each connection. */
  readonly streams: number;
  readonly afterRefusal: AfterRefusal;
  /** In the steps with refusals. */
  readonly pauseMs: number;
  /** Absent: nothing is predicted. */
  readonly facts: LimitFacts | undefined;
  readonly gatewayReplicas: number;
  readonly expectKnee: ExpectedKnee | null;
  /** A fraction. */
  readonly kneeTolerance: number;
  /** In the order in which they were made; the recovery, if any, is the last. */
  readonly steps: readonly StepResult[];
  /** For each level, lowest first, all of its steps together. */
  readonly levels: readonly StepResult[];
  readonly recoveryMs: number | null;
  readonly timeIsOver: boolean;
  readonly totals: LimitsTotals;
  /** Null: the gateway was not asked. */
  readonly breakers: BreakerReport | null;
  /** Names of all versions that answered. */
  readonly versions: readonly string[];
}

export function limitsResult(end: SearchEnd): LimitsResult {
  const { info, search, streams, facts, gatewayReplicas, totals } = end;
  const steps = end.steps.filter(({ purpose }) => purpose !== 'recovery');
  const knee = kneeOf(steps, search.kind, streams);
  const refusal = firstRefusalOf(steps, search.refusalThreshold);
  const predicted =
    facts === undefined
      ? null
      : predict(facts, measuredVersions(steps), {
          search: search.kind,
          streams,
          gatewayReplicas,
          wanted:
            end.expectKnee === null || end.expectKnee.relation === 'atMost' ? null : end.expectKnee.level,
        });
  const requests = totals.result(info.scheduled);
  const found: FoundLimits = {
    search: search.kind,
    streams,
    afterRefusal: end.afterRefusal,
    afterRefusalMs: end.afterRefusal === 'wait' && requests.refused > 0 ? end.pauseMs : null,
    refusalThreshold: search.refusalThreshold,
    ...byKind(search, refusal, knee),
    predictedKnee: predicted?.knee ?? null,
    bindingLimit: predicted?.binding ?? null,
    steps: end.steps.toSorted((a, b) => a.startMs - b.startMs),
    levels: [...end.levels],
    recoveryMs: end.recoveryMs,
    bottleneck: bottleneckOf(steps, {
      refusalThreshold: search.refusalThreshold,
      maxLevel: search.given === null ? search.maxLevel : Math.max(...search.given),
      isKneeFound: knee !== null,
      isTimeOver: end.timeIsOver,
      isQueueInGateway: (facts?.clusters ?? []).some(
        (one) => one.maxConnections !== null && one.maxPendingRequests === null,
      ),
    }),
  };
  const checks = kneeChecks(
    {
      search: search.kind,
      knee: knee?.knee ?? null,
      bounds: knee?.bounds ?? null,
      ...refusal,
      areVersionsKnown:
        facts?.shares != null || predicted?.scope === 'route' || versionsIn(end.levels).size > 0,
      isLoadSent: isLoadSent(end.levels, requests.byKind, knee?.knee ?? null),
      otherRefusals: manyOthersIn(
        end.levels.filter((step) => knee?.levels.includes(levelOf(step)) === true),
        end.expectKnee === null,
      ),
    },
    found.predictedKnee,
    end.expectKnee,
    end.kneeTolerance,
  );
  const gateway =
    end.breakers === null ? null : gatewayCounts(end.breakers, end.versions, requests.byKind.overflow ?? 0);
  return {
    schemaVersion: 1,
    tool: info.tool,
    startedAt: info.startedAt,
    durationMs: end.durationMs,
    ended: info.ended,
    target: info.target,
    verdict: worst(checks.map(({ verdict }) => verdict)),
    checks,
    limits: found,
    predicted,
    generator: info.generator,
    requests,
    gateway,
    notes: [
      ...limitsNotes({
        found,
        requests,
        gateway,
        clusters: facts?.clusters ?? [],
        isTimeOver: end.timeIsOver && knee !== null,
        answered: versionsIn(end.levels),
        isOneCluster: predicted?.scope === 'route',
      }),
      ...generatorBusy(info.generator, info.load, true),
      ...info.notes,
      ...(facts?.notes ?? []),
    ].map(withKind),
  };
}

/** The versions that answered. */
function versionsIn(levels: readonly StepResult[]): ReadonlySet<string> {
  const rows = levels.flatMap(({ versions }) => versions);
  return new Set(
    rows.flatMap(({ version, accepted }) => (accepted > 0 && version !== NONE_NAME ? version : [])),
  );
}

/** By levels up to a little above the knee: beyond, what matters is only that refusals were many. */
function isLoadSent(
  levels: readonly StepResult[],
  kinds: Readonly<Record<string, number>>,
  knee: number | null,
): boolean {
  const most = NEAR_KNEE * (knee ?? Number.POSITIVE_INFINITY);
  return ownFaultsIn(kinds) === 0 && !levels.some((step) => levelOf(step) <= most && isBehind(step));
}

function byKind(
  { kind }: SearchOptions,
  refusal: ReturnType<typeof firstRefusalOf>,
  knee: ReturnType<typeof kneeOf>,
): Pick<
  FoundLimits,
  | 'firstRefusalConnections'
  | 'lastAcceptedConnections'
  | 'kneeConnections'
  | 'firstRefusalPerSecond'
  | 'lastAcceptedPerSecond'
  | 'kneePerSecond'
  | 'kneeBounds'
> {
  const [first, last] = [refusal.firstRefusal, refusal.lastAccepted];
  const [byConnections, byRate] = [kind === 'connections', kind === 'rate'];
  const at = knee === null ? null : knee.knee;
  return {
    firstRefusalConnections: byConnections ? first : null,
    lastAcceptedConnections: byConnections ? last : null,
    kneeConnections: byConnections ? at : null,
    firstRefusalPerSecond: byRate ? first : null,
    lastAcceptedPerSecond: byRate ? last : null,
    kneePerSecond: byRate ? at : null,
    kneeBounds: knee?.bounds ?? null,
  };
}

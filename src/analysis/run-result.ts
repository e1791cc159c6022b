/** Makes the result of a run from its totals. */

import { fromRfc3339 } from '../blocks/wall-clock.js';
import { errorStatusTest } from '../plan/error-limits.js';
import type { Note } from '../plan/plan.js';
import type { AddressFold } from './addresses.js';
import { intervalConfidence } from './checks/check-input.js';
import { type ErrorFigures, errorFigures, runErrorFigures, withoutRate } from './checks/error-figures.js';
import { latencyNotes } from './checks/latency.js';
import { type ShareFigures, shareFigures } from './checks/split.js';
import { comparisons } from './comparisons.js';
import { listedSlots } from './counted.js';
import type { Counts } from './counts.js';
import type { FoundEjections } from './ejections/ejections-result.js';
import type { EjectionsResult, Visibility } from './ejections/result.js';
import { withoutSettledNotes } from './ejections/settled-notes.js';
import type { EndpointFold } from './endpoints.js';
import { findingsOf } from './findings/index.js';
import { sendOrder } from './findings/send-order.js';
import type { FoldContext } from './fold-context.js';
import { withGatewayView } from './gateway-view/gateway-view.js';
import { judged } from './judged.js';
import { type JudgedTotals, judgedInput } from './judged-input.js';
import { withKind } from './note-kind.js';
import { notesOn } from './notes.js';
import { requestCounts } from './request-counts.js';
import type { RunEnding, RunResult, Verdict, VersionResult } from './result.js';
import type { RunInfo } from './run-info.js';
import { runningShares } from './running-shares.js';
import type { SendWindows } from './send-windows.js';
import { worst } from './stats/two-one-sided.js';
import type { StatusCounts } from './status-counts.js';
import type { Timeline } from './timeline.js';
import { columnNames } from './version-columns.js';
import { NONE, OTHER } from './version-slots.js';

/** What a fold counted over all blocks. */
export interface RunTotals extends JudgedTotals {
  readonly endpoints: EndpointFold;
  readonly addresses: AddressFold;
  readonly sendWindows: SendWindows;
  readonly timeline: Timeline;
  /** Answers of backends, with and without a version. */
  readonly answers: StatusCounts;
  /** The gateway took no more connections at the end. */
  readonly gatewayLeft: boolean;
  /** Requests by PHASE. */
  readonly phases: Float64Array;
  /** First request due, last request ended, on the run clock. */
  readonly spanUs: readonly [firstDueUs: number, lastEndUs: number];
  /** Null: not searched for. */
  readonly ejections: FoundEjections | null;
}

const NO_SHARE: ShareFigures = {
  expectedShare: null,
  tolerancePoints: null,
  share: null,
  deviationPoints: null,
  shareBounds: null,
  shareInterval: null,
};

/** @throws Error when the totals do not account for `info.scheduled` requests: an error of this program */
export function runResult(totals: RunTotals, info: RunInfo): RunResult {
  const { context, slots, counts, latency, timeline, answers, spanUs } = totals;
  const requests = requestCounts(counts, totals.phases, info.scheduled);
  const listed = listedSlots(totals);
  const ejections = ejectionsOf(totals, info, listed);
  const { weighed = true, judge, untilVerdict } = context;
  const inFlight = Math.max(1, info.load.connections * info.load.streams);
  const order = sendOrder(totals.sendWindows, inFlight);
  const connections = weighed ? totals.connections.result(order) : null;
  const input = judgedInput(totals, connections, {
    scheduled: info.scheduled,
    gatewayLeft: totals.gatewayLeft,
    rules: ejections?.rules ?? [],
    endpointsMissing: endpointsMissing(context.ejections, ejections, counts),
  });
  const { split, checks, over } = weighed
    ? judged(input, totals.looks)
    : { split: null, checks: [], over: input };
  const shares = weighed ? shareFigures(input, over) : listed.map(() => NO_SHARE);
  const errors = weighed ? errorFigures(input, over) : input.versions.map(withoutRate);
  const durationMs = Math.max(0, spanUs[1] - spanUs[0]) / 1000;
  const responses = requests.attributed + requests.unattributed;
  const versions = listed.map((slot, i) => ({
    ...versionResult(totals, slot, shares[i] as ShareFigures),
    ...(errors[i] as ErrorFigures),
  }));
  const addresses = totals.addresses.result(listed, slots.names);
  const findings = weighed
    ? findingsOf({
        order,
        connections,
        byConnection: totals.connections.counts(),
        ofOneAddress: totals.connections.countsOfOneAddress(),
        columnNames: columnNames(totals.sendWindows.columns, slots.names),
        renewed: untilVerdict?.renews === true && totals.looks?.wantsConnections === true,
        addresses,
        versions,
      })
    : [];
  const result: RunResult = {
    schemaVersion: 1,
    tool: info.tool,
    startedAt: info.startedAt,
    durationMs,
    ended: info.ended,
    target: info.target,
    load: info.load,
    generator: info.generator,
    identifier: info.identifier,
    requests,
    requestsPerSecond: durationMs > 0 ? (responses * 1000) / durationMs : 0,
    overall: { requests: responses, statuses: counts.statuses(), ...latency.overall() },
    backends: { requests: answers.requests, statuses: answers.toRecord(), ...latency.backends() },
    errors: {
      requests: input.errors.requests,
      ...(weighed
        ? runErrorFigures(input, over)
        : { errors: input.errors.errors, errorRate: null, errorRateInterval: null }),
      intervalConfidence: intervalConfidence(input),
      kinds: { ...input.errors.kinds },
      statuses: [...judge.errorStatuses],
    },
    versions,
    comparisons: weighed ? comparisons(input) : [],
    unattributed: {
      requests: counts.unattributed,
      statuses: counts.slot(NONE).responses.toRecord(),
      kinds: counts.unattributedKinds(),
    },
    failures: counts.failures(),
    gatewayReplies: counts.gatewayReplies(),
    timeline: timeline.result([...listed, OTHER, NONE], slots.names, errorStatusTest(judge.errorStatuses)),
    timelineIntervalMs: timeline.intervalMs,
    runningShares: weighed
      ? runningShares(timeline.intervals(), slots, judge, input.connections === null)
      : [],
    split: split === null ? null : { ...split, findings },
    verdict: verdictOf(
      checks.map(({ verdict }) => verdict),
      info.ended,
    ),
    checks,
    addresses,
    connections,
    ejections,
    settle: info.settle,
    notes: openNotes(context, info.notes, ejections?.visibility ?? []).map(withKind),
  };
  if (weighed) result.notes.push(...latencyNotes(input).map(withKind));
  result.notes.push(...notesOn(result, findings).map(withKind));
  return result;
}

/** A run that broke off by an error of this program cannot vouch for anything. */
function verdictOf(verdicts: readonly Verdict[], ended: RunEnding): Verdict | null {
  const verdict = worst(verdicts);
  return ended === 'failed' && verdict === 'pass' ? 'inconclusive' : verdict;
}

/** With the gateway's view, if the gateway was asked. */
function ejectionsOf(
  { ejections, slots, spanUs }: RunTotals,
  { gateway, startedAt }: RunInfo,
  listed: readonly number[],
): EjectionsResult | null {
  if (ejections === null || gateway === null) return ejections?.result ?? null;
  return withGatewayView(ejections, gateway, {
    startedAtUs: fromRfc3339(startedAt),
    spanMs: [spanUs[0] / 1000, spanUs[1] / 1000],
    versions: listed.map((slot) => slots.names[slot] as string),
  });
}

function openNotes(
  { ejections }: FoldContext,
  notes: readonly Note[],
  visibility: readonly Visibility[],
): Note[] {
  if (ejections === null) return [...notes];
  return withoutSettledNotes(notes, ejections.rules, ejections.load, visibility);
}

/** Backends answered, and no response named the endpoint that a rule of the options is about. */
function endpointsMissing(
  ruled: FoldContext['ejections'],
  ejections: EjectionsResult | null,
  counts: Counts,
): boolean {
  const asked = ruled?.rules.some((rule) => rule.asked) ?? false;
  return asked && ejections?.visibility.length === 0 && counts.attributed + counts.unattributed > 0;
}

function versionResult(
  { slots, counts, latency, endpoints }: RunTotals,
  slot: number,
  share: ShareFigures,
): Omit<VersionResult, keyof ErrorFigures> {
  const { responses } = counts.slot(slot);
  return {
    version: slots.names[slot] as string,
    labels: slots.labelsOf(slot),
    expectedShare: share.expectedShare,
    tolerancePoints: share.tolerancePoints,
    requests: responses.requests,
    share: share.share,
    deviationPoints: share.deviationPoints,
    shareBounds: share.shareBounds,
    shareInterval: share.shareInterval,
    statuses: responses.toRecord(),
    failures: counts.failures(slot),
    gatewayReplies: counts.gatewayRepliesOf(slot),
    gatewayReplyKinds: counts.gatewayReplies(slot),
    gatewayReplyStatuses: counts.slot(slot).gatewayResponses.toRecord(),
    ...latency.result(slot),
    endpoints: endpoints.result(slot),
  };
}

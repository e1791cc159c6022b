/** What limits the throughput where no knee was found. */
import { NONE_NAME } from '../version-slots.js';
import { ownFaultsIn } from './client-limits.js';
import { type Level, levelOf, levelsOf } from './levels.js';
import type { Bottleneck, StepResult } from './result.js';

export interface BottleneckOptions {
  readonly refusalThreshold: number;
  /** The largest level that may be tried; of given levels, the largest. */
  readonly maxLevel: number;
  readonly isKneeFound: boolean;
  /** The time was over before the search was. */
  readonly isTimeOver: boolean;
  /** By the limits that are known: connections are limited, and waiting requests are not. */
  readonly isQueueInGateway: boolean;
}

/** Goodputs that differ by less, as a fraction, are alike; times grow if they grow by more. */
const ALIKE = 0.1;
/** Alike at levels of which one is so many times the other: goodput would have grown with the load. */
const FAR = 1.5;

/** @returns null: a knee was found, or nothing is known that was in its way */
export function bottleneckOf(steps: readonly StepResult[], options: BottleneckOptions): Bottleneck | null {
  if (options.isKneeFound) return null;
  const levels = levelsOf(steps, options.refusalThreshold);
  const loads = steps
    .filter(({ purpose }) => purpose !== 'recovery')
    .toSorted((a, b) => levelOf(a) - levelOf(b));
  return ownFault(loads) ?? saturation(loads, levels, options) ?? ended(loads, options);
}

function ownFault(loads: readonly StepResult[]): Bottleneck | null {
  const first = loads.find(({ refusedByKind }) => ownFaultsIn(refusedByKind) > 0);
  return first === undefined ? null : at('client', first);
}

/** Nothing is refused, goodput stays, and times grow. */
function saturation(
  loads: readonly StepResult[],
  levels: readonly Level[],
  { isQueueInGateway }: BottleneckOptions,
): Bottleneck | null {
  const top = loads.at(-1);
  if (top === undefined || top.goodput <= 0 || levels.some(({ isRefused }) => isRefused)) return null;
  const first = loads.find(({ goodput }) => goodput >= (1 - ALIKE) * top.goodput);
  if (first === undefined || levelOf(top) < FAR * levelOf(first)) return null;
  if (timeInFlight(top) <= (1 + ALIKE) * timeInFlight(first)) return null;
  const full = loads.filter((step) => levelOf(step) >= levelOf(first));
  const goodput = full.reduce((sum, step) => sum + step.goodput, 0) / full.length;
  const kind = isQueueInGateway ? 'gateway-queue' : 'backends';
  return { ...at(kind, first), goodputPerSecond: goodput, version: slowed(loads[0] ?? first, top) };
}

/** Mean time from sending, in seconds: by rate, the wait for a free connection of this client is not the gateway's. */
function timeInFlight({ acceptedInFlight, goodput }: StepResult): number {
  return acceptedInFlight / goodput;
}

/** The version whose mean time grew most. */
function slowed(from: StepResult, to: StepResult): string | null {
  const growth = to.versions.flatMap(({ version, latencyUs }) => {
    const before = from.versions.find((other) => other.version === version)?.latencyUs.accepted.mean ?? null;
    const after = latencyUs.accepted.mean;
    return version === NONE_NAME || before === null || after === null
      ? []
      : [{ version, by: after - before }];
  });
  return growth.toSorted((a, b) => b.by - a.by)[0]?.version ?? null;
}

function ended(loads: readonly StepResult[], { isTimeOver, maxLevel }: BottleneckOptions): Bottleneck | null {
  const top = loads.at(-1);
  if (isTimeOver) return top === undefined ? { ...NOWHERE, kind: 'time' } : at('time', top);
  return top !== undefined && levelOf(top) >= maxLevel ? at('bound', top) : null;
}

const NOWHERE = { fromLevel: null, goodputPerSecond: null, version: null };

function at(kind: Bottleneck['kind'], step: StepResult): Bottleneck {
  return { kind, fromLevel: levelOf(step), goodputPerSecond: step.goodput, version: null };
}

/** The part of a result of `weighbridge limits` that is compared, checked as that of a run. */
import type { ComparableLimits } from '../analysis/compare/inputs.js';
import {
  type Check,
  count,
  list,
  number,
  object,
  oneOf,
  orNull,
  recordOf,
  ShapeError,
  text,
} from '../saved/format/shape.js';
import { COMMON } from './run-shape.js';

const MAX_KINDS = 2_000;
const amount = orNull(number(0, Number.MAX_VALUE));

const bounds: Check<[number, number]> = (value, where) => {
  const [low, high] = list(number(0, Number.MAX_VALUE))(value, where);
  if (low === undefined || high === undefined) throw new ShapeError(`${where} is not a pair`);
  return [low, high];
};

/** As {@link ComparableLimits}; other fields are dropped. */
export const LIMITS_SHAPE: Check<ComparableLimits> = object<ComparableLimits>({
  ...COMMON,
  requests: object<ComparableLimits['requests']>({ scheduled: count, byKind: recordOf(count, MAX_KINDS) }),
  checks: list(
    object<ComparableLimits['checks'][number]>({
      kind: oneOf('knee'),
      verdict: oneOf('pass', 'fail', 'inconclusive'),
      text,
    }),
  ),
  limits: object<ComparableLimits['limits']>({
    search: oneOf('connections', 'rate'),
    streams: count,
    afterRefusal: oneOf('wait', 'hammer'),
    refusalThreshold: number(0, 1),
    firstRefusalConnections: amount,
    lastAcceptedConnections: amount,
    kneeConnections: amount,
    firstRefusalPerSecond: amount,
    lastAcceptedPerSecond: amount,
    kneePerSecond: amount,
    kneeBounds: orNull(bounds),
    predictedKnee: amount,
    recoveryMs: amount,
    levels: list(object({ goodput: number(0, Number.MAX_VALUE) })),
    bottleneck: orNull(object({ kind: oneOf('backends', 'gateway-queue', 'bound', 'time', 'client') })),
  }),
});

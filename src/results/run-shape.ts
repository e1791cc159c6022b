/** The part of a run's result that is compared, checked: a file may be of another version of weighbridge, or damaged. */
import type { ComparableRun, ComparableTimes, ComparableVersion } from '../analysis/compare/inputs.js';
import {
  bool,
  type Check,
  count,
  list,
  number,
  object,
  oneOf,
  orAbsent,
  orElse,
  orNull,
  pair,
  recordOf,
  text,
} from '../saved/format/shape.js';

/** Versions in a result. A run counts far fewer apart. */
const MAX_VERSIONS = 10_000;
/** Outcomes and statuses: at most 999 statuses. */
const MAX_KINDS = 2_000;
/** Ejection windows. */
const MAX_WINDOWS = 1_000_000;

const fraction = number(0, 1);
const amount = number(0, Number.MAX_VALUE);
const counts = recordOf(count, MAX_KINDS);
const VERDICT = oneOf('pass', 'fail', 'inconclusive');
/** What limits have too. */
export const COMMON = {
  startedAt: text,
  durationMs: amount,
  ended: oneOf('completed', 'interrupted', 'terminated', 'failed', 'truncated'),
  verdict: orNull(VERDICT),
  tool: orElse(object<ComparableRun['tool']>({ version: text }), { version: 'not known' }),
  target: object<ComparableRun['target']>({
    url: text,
    method: text,
    host: text,
    protocol: text,
    headers: orElse(list(pair), []),
  }),
  notes: list(object<{ code: string }>({ code: text })),
};

const TIMES: Check<ComparableTimes> = object<ComparableTimes>({
  count,
  min: orNull(amount),
  mean: orNull(amount),
  max: orNull(amount),
  histogram: text,
});

const VERSION: Check<ComparableVersion> = object<ComparableVersion>({
  version: text,
  expectedShare: orNull(fraction),
  requests: count,
  share: orNull(fraction),
  tolerancePoints: orNull(number(0, 100)),
  errors: count,
  errorRate: orNull(fraction),
  failures: counts,
  latencyUs: TIMES,
});

const LOAD: Check<ComparableRun['load']> = object<ComparableRun['load']>({
  mode: oneOf('closed', 'open', 'unknown'),
  connections: count,
  streams: count,
  ratePerSecond: orNull(amount),
  arrival: orNull(oneOf('uniform', 'poisson')),
  maxInFlight: orNull(count),
  threads: count,
  timeoutMs: amount,
  requestsPerConnection: orNull(count),
  cookies: orElse(oneOf('off', 'connection'), 'off'),
  driver: orAbsent(oneOf('undici', 'wire', 'node-http2')),
});

/** As {@link ComparableRun}; other fields are dropped. */
export const RUN_SHAPE: Check<ComparableRun> = object<ComparableRun>({
  ...COMMON,
  load: LOAD,
  identifier: object({ version: text, endpoint: text }),
  requests: object({ scheduled: count, cutOff: count }),
  requestsPerSecond: amount,
  errors: object<ComparableRun['errors']>({
    requests: count,
    errors: count,
    errorRate: orNull(fraction),
    intervalConfidence: fraction,
    kinds: counts,
    statuses: list(text),
  }),
  failures: counts,
  unattributed: object({ requests: count }),
  backends: object({ latencyUs: TIMES }),
  versions: list(VERSION, MAX_VERSIONS),
  split: orNull(
    object<NonNullable<ComparableRun['split']>>({
      unit: oneOf('request', 'connection'),
      draws: count,
      unknownVersion: count,
      tolerancePoints: orNull(number(0, 100)),
      findings: orElse(list(object({ kind: text, figure: number(0, Number.MAX_VALUE) })), []),
    }),
  ),
  timeline: orElse(list(object({ version: text, requests: count, p50Us: orNull(amount) })), []),
  connections: orNull(object({ compared: count, keepVersion: bool })),
  checks: list(object({ name: text, verdict: VERDICT, text })),
  ejections: orNull(
    object({
      windows: list(
        object({
          version: text,
          endpoint: text,
          startMs: orNull(number(-Number.MAX_VALUE, Number.MAX_VALUE)),
          endMs: orNull(number(-Number.MAX_VALUE, Number.MAX_VALUE)),
          leaked: orNull(count),
        }),
        MAX_WINDOWS,
      ),
    }),
  ),
});

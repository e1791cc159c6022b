/** The plan as it stands in a saved run: everything that reports need, and no secret. */
import { createHash } from 'node:crypto';
import {
  type ConnectTo,
  type EjectionRule,
  type ExpectedVersion,
  type IdentifyPlan,
  type JudgePlan,
  type KeptPolicy,
  type LabelSource,
  type LoadPlan,
  NOTHING_TO_DETECT,
  type Note,
  type Plan,
  type PresetName,
  type Target,
  type TlsPlan,
} from '../../plan/plan.js';
import { shownHeaders } from '../../plan/target/secrets.js';
import {
  anything,
  bool,
  type Check,
  count,
  list,
  noteCode,
  number,
  object,
  oneOf,
  orNull,
  pair,
  tagged,
  text,
} from './shape.js';

/**
 * The plan as JSON. Left out are the values of secret headers, the body (its length and SHA-256 are kept) and
 * the certificates and keys.
 */
export function planToJson(plan: Plan): string {
  const { target } = plan;
  const { body } = target;
  const { detect: _, ...saved } = plan;
  return JSON.stringify({
    ...saved,
    target: {
      ...target,
      headers: shownHeaders(plan),
      body: null,
      bodyBytes: body?.length ?? 0,
      bodySha256: body === null ? null : createHash('sha256').update(body).digest('hex'),
      tls: { verify: target.tls.verify, ca: null, cert: null, key: null },
    },
  });
}

const ms = number(0, 1e12);
const fraction = number(0, 1);

const label: Check<LabelSource> = tagged<LabelSource>('from', {
  header: object({ from: oneOf('header'), name: text }),
  body: object({ from: oneOf('body'), pattern: text, flags: text }),
  json: object({ from: oneOf('json'), pointer: text }),
  // A preset of a later version is only named, never read with.
  preset: object({ from: oneOf('preset'), preset: text as Check<PresetName> }),
  none: object({ from: oneOf('none') }),
});

const note: Check<Note> = object({ code: noteCode, text });

const target: Check<Target> = object<Target>({
  url: text,
  scheme: oneOf('http', 'https'),
  protocol: oneOf('http/1.1', 'h2'),
  connectTo: list(
    tagged<ConnectTo>('kind', {
      tcp: object({ kind: oneOf('tcp'), host: text, port: count }),
      unix: object({ kind: oneOf('unix'), path: text }),
    }),
  ),
  host: text,
  sni: orNull(text),
  path: text,
  method: text,
  headers: list(pair),
  body: () => null,
  tls: object<TlsPlan>({ verify: bool, ca: () => null, cert: () => null, key: () => null }),
});

const load: Check<LoadPlan> = object<LoadPlan>({
  mode: oneOf('closed', 'open'),
  connections: count,
  streams: count,
  maxInFlight: count,
  ratePerSecond: orNull(number(0, 1e12)),
  arrival: oneOf('uniform', 'poisson'),
  requests: orNull(count),
  durationMs: orNull(ms),
  rampMs: ms,
  warmup: orNull((value, where) =>
    typeof value === 'object' && value !== null && 'requests' in value
      ? object({ requests: count })(value, where)
      : object({ durationMs: ms })(value, where),
  ),
  timeoutMs: ms,
  threads: count,
  requestsPerConnection: orNull(count),
  seed: number(-(2 ** 53), 2 ** 53),
});

const judge: Check<JudgePlan> = object<JudgePlan>({
  expected: orNull(
    list(
      object<ExpectedVersion>({
        name: text,
        weight: number(0, 1e15),
        share: fraction,
        mapped: list(text),
      }),
    ),
  ),
  tolerance: fraction,
  confidence: number(0.5, 1 - 1e-9),
});

const saved: Check<Omit<Plan, 'detect'>> = object<Omit<Plan, 'detect'>>({
  target,
  load,
  identify: object<IdentifyPlan>({
    version: label,
    endpoint: label,
    bodyLimitBytes: count,
    candidates: list(text),
    upstreamTimeStamped: bool,
  }),
  judge,
  policies: list(
    object<KeptPolicy>({ source: text, host: text, subset: orNull(text), trafficPolicy: anything }),
  ),
  ejection: list(
    object<EjectionRule>({
      version: orNull(text),
      source: text,
      consecutive5xx: count,
      consecutiveGatewayErrors: count,
      consecutiveLocalOriginFailures: orNull(count),
      intervalMs: ms,
      baseEjectionTimeMs: ms,
      maxEjectionPercent: number(0, 100),
      minHealthPercent: number(0, 100),
      endpoints: orNull(count),
    }),
  ),
  notes: list(note),
  secretHeaders: list(text),
});

/**
 * What {@link planToJson} wrote.
 *
 * @throws ShapeError or SyntaxError for anything else
 */
export function planFromJson(json: string): Plan {
  // The responses of a saved run were identified when it was measured.
  return { ...saved(JSON.parse(json), 'plan'), detect: NOTHING_TO_DETECT };
}

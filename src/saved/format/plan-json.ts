/** The plan of a run as JSON: metadata of a saved run. It has all that reports need, and no secrets. */
import { createHash } from 'node:crypto';
import { candidateWords } from '../../plan/labels/labels.js';
import type { NoteCode } from '../../plan/note-code.js';
import {
  type ConnectTo,
  type IdentifyPlan,
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
import {
  BODY_LIMIT_BYTES,
  CONNECTIONS,
  MAX_RATE_PER_SECOND,
  REQUESTS,
  SEED,
  THREADS,
  WARMUP_REQUESTS,
} from '../../plan/ranges.js';
import { shownTarget } from '../../plan/target/secrets.js';
import { MAX_DURATION_MS } from '../../plan/units.js';
import { parseJson } from '../../text/json.js';
import { ejection, judge, policyScope } from './judge-shape.js';
import {
  anything,
  bool,
  type Check,
  count,
  list,
  number,
  object,
  oneOf,
  orElse,
  orNull,
  pair,
  tagged,
  text,
  whole,
} from './shape.js';

/**
 * The JSON that a saved run keeps. It is without the values of secret headers and query parameters, without the request body (its length and
 * SHA-256 are kept), and without certificates and keys.
 */
export function planToJson(plan: Plan): string {
  const target = shownTarget(plan);
  const { body } = target;
  const { detect: _, istio: __, ...saved } = plan;
  return JSON.stringify({
    ...saved,
    target: {
      ...target,
      body: null,
      bodyBytes: body?.length ?? 0,
      bodySha256: body === null ? null : createHash('sha256').update(body).digest('hex'),
      tls: { verify: target.tls.verify, ca: null, cert: null, key: null },
    },
  });
}

const ms = number(0, MAX_DURATION_MS);

const label: Check<LabelSource> = tagged<LabelSource>('from', {
  header: object({ from: oneOf('header'), name: text }),
  body: object({ from: oneOf('body'), pattern: text, flags: text }),
  json: object({ from: oneOf('json'), pointer: text }),
  // A later version may have other presets. Nothing is read by them here, so any name is accepted.
  preset: object({ from: oneOf('preset'), preset: text as Check<PresetName> }),
  none: object({ from: oneOf('none') }),
});

/** A note of a plan or a run. Another version may have other codes: any is accepted, since no figure depends on it. */
export const noteShape: Check<Note> = object({ code: text as Check<NoteCode>, text });

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
  values: orElse(bool, false),
  method: text,
  headers: list(pair),
  body: () => null,
  tls: object<TlsPlan>({ verify: bool, ca: () => null, cert: () => null, key: () => null }),
});

const load: Check<LoadPlan> = object<LoadPlan>({
  mode: oneOf('closed', 'open'),
  connections: whole(CONNECTIONS),
  streams: whole(CONNECTIONS),
  maxInFlight: whole(CONNECTIONS),
  ratePerSecond: orNull(number(0, MAX_RATE_PER_SECOND)),
  arrival: oneOf('uniform', 'poisson'),
  // Files of older versions do not have it.
  untilVerdict: orElse(bool, false),
  requests: orNull(whole(REQUESTS)),
  durationMs: orNull(ms),
  rampMs: ms,
  warmup: orNull((value, where) =>
    typeof value === 'object' && value !== null && 'requests' in value
      ? object({ requests: whole(WARMUP_REQUESTS) })(value, where)
      : object({ durationMs: ms })(value, where),
  ),
  timeoutMs: ms,
  threads: whole(THREADS),
  requestsPerConnection: orNull(whole(REQUESTS)),
  cookies: orElse(oneOf('off', 'connection'), 'off'),
  driver: orElse(orNull(oneOf('undici', 'wire', 'node-http2')), null),
  spin: orElse(oneOf('auto', 'off'), 'auto'),
  seed: whole(SEED),
});

const saved: Check<Omit<Plan, 'detect' | 'istio'>> = object<Omit<Plan, 'detect' | 'istio'>>({
  target,
  load,
  identify: object<IdentifyPlan>({
    version: label,
    endpoint: label,
    bodyLimitBytes: whole(BODY_LIMIT_BYTES),
    // They follow from the expected versions.
    candidates: () => [],
    upstreamTimeStamped: bool,
  }),
  judge,
  policies: list(
    object<KeptPolicy>({
      source: text,
      host: text,
      subset: orNull(text),
      trafficPolicy: anything,
      scope: policyScope,
    }),
  ),
  ejection,
  notes: list(noteShape),
  secretHeaders: list(text),
});

/**
 * Reads what {@link planToJson} wrote.
 *
 * @throws ShapeError for JSON of another shape, SyntaxError for text that is not JSON
 */
export function planFromJson(json: string): Plan {
  // The responses of a saved run were identified when it was measured.
  const plan = saved(parseJson(json), 'plan');
  const candidates = candidateWords(plan.judge.expected ?? []);
  return { ...plan, identify: { ...plan.identify, candidates }, detect: NOTHING_TO_DETECT };
}

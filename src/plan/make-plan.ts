/** One way to plan: options and manifests → Plan. The command line and library users both come through here. */
import { OptionError } from '../errors.js';
import {
  DEFAULT_BODY_LIMIT_BYTES,
  DEFAULT_CONFIDENCE,
  DEFAULT_TOLERANCE,
  SECRET_HEADERS,
} from './defaults.js';
import { makeEjection, namedAsExpected, withGiven } from './ejection.js';
import { applyMap, expectedVersions } from './expectations.js';
import type { FromManifests } from './from-manifests.js';
import { parseLabelSource } from './labels/label-source.js';
import { candidateWords } from './labels/labels.js';
import { makeLoad } from './load.js';
import type { ExpectedVersion, IdentifyPlan, LabelSource, Plan } from './plan.js';
import type { PlanOptions } from './plan-options.js';
import { ejectionNotes } from './policy/ejection-notes.js';
import { BODY_LIMIT_BYTES, CONFIDENCE, checkCount, checkPositive, checkRange } from './ranges.js';
import { http2Notes } from './target/http2-headers.js';
import { makeTarget, parseUrl } from './target/target.js';
import { checkTlsUsed } from './target/tls.js';

/**
 * Makes the plan of a run: what to send, how, and what to expect.
 *
 * ```ts
 * const plan = await makePlan({ url: 'http://127.0.0.1:8080', manifests: ['route.yaml'], load: { requests: 20_000 } });
 * const result = await run(plan);
 * ```
 *
 * @param options each with its default in {@link PlanOptions}; a URL or manifests with a Gateway must be given
 * @throws OptionError naming the options that are wrong or contradict each other
 * @throws UserError naming file, line and field of a manifest that cannot be read
 */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  // Options are checked before files are read: a mistake in one shall not wait for a long manifest.
  const load = makeLoad(options.load ?? {}, options.http2 === true);
  const givenEjection = makeEjection(options.ejection);
  const identify = makeIdentify(options);
  const { tolerance = DEFAULT_TOLERANCE, confidence = DEFAULT_CONFIDENCE } = options;
  checkPositive(tolerance, 'tolerance', 1);
  checkRange(confidence, 'confidence', CONFIDENCE);
  const url = options.url === undefined ? null : parseUrl(options.url);
  const given = options.expect === undefined ? null : expectedVersions(options.expect);
  const manifests = hasManifests(options) ? options.manifests : null;
  if (manifests === null) checkWithoutManifests(options);

  const fromManifests = manifests === null ? null : await readManifests(manifests, url, options);
  const target = fromManifests?.target ?? makeTarget(url as URL, options, { headers: [] });
  checkTlsUsed(target, options);
  const expected = mapped(given ?? fromManifests?.expected ?? null, options);
  const rules = namedAsExpected(fromManifests?.ejection ?? [], expected);
  const ejection = withGiven(rules.rules, givenEjection, expected);
  return {
    target,
    load,
    identify: { ...identify, candidates: candidateWords(expected ?? []) },
    detect: { version: options.versionFrom === undefined, endpoint: options.endpointFrom === undefined },
    judge: { expected, tolerance, confidence },
    policies: fromManifests?.policies ?? [],
    ejection,
    notes: [
      ...(fromManifests?.notes ?? []),
      ...http2Notes(target),
      ...rules.notes,
      ...ejectionNotes(ejection, load),
    ],
    secretHeaders: [...SECRET_HEADERS, ...(options.secretHeaders ?? []).map((name) => name.toLowerCase())],
  };
}

function makeIdentify({ versionFrom, endpointFrom, bodyLimitBytes }: PlanOptions): IdentifyPlan {
  return {
    version: labelSource(versionFrom, 'versionFrom'),
    endpoint: labelSource(endpointFrom, 'endpointFrom'),
    bodyLimitBytes: checkCount(
      bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
      'bodyLimitBytes',
      BODY_LIMIT_BYTES,
    ),
    candidates: [],
    upstreamTimeStamped: false,
  };
}

function labelSource(given: string | LabelSource | undefined, option: string): LabelSource {
  if (given === undefined) return { from: 'none' };
  return typeof given === 'string' ? parseLabelSource(given, option) : given;
}

function hasManifests(
  options: PlanOptions,
): options is PlanOptions & { manifests: NonNullable<PlanOptions['manifests']> } {
  const { manifests } = options;
  return manifests !== undefined && !(Array.isArray(manifests) && manifests.length === 0);
}

function checkWithoutManifests({ rule, url }: PlanOptions): void {
  if (rule !== undefined) {
    throw new OptionError(
      (name) => `${name('rule')} chooses among manifests: give them with ${name('manifests')}.`,
    );
  }
  if (url === undefined) {
    throw new OptionError(
      (name) =>
        `Nothing to send requests to. Give a URL, or manifests whose Gateway has an address with ${name('manifests')}.`,
    );
  }
}

/** Loads the readers of manifests, and the YAML parser, only where there are any. */
async function readManifests(
  manifests: NonNullable<PlanOptions['manifests']>,
  url: URL | null,
  options: PlanOptions,
): Promise<FromManifests> {
  const { planFromManifests } = await import('./from-manifests.js');
  return planFromManifests(manifests, url, options);
}

function mapped(
  expected: readonly ExpectedVersion[] | null,
  { map }: PlanOptions,
): readonly ExpectedVersion[] | null {
  if (map === undefined) return expected;
  if (expected === null) {
    throw new OptionError(
      (name) =>
        `${name('map')} says what stands for an expected version: give ${name('expect')} or ${name('manifests')} too.`,
    );
  }
  return applyMap(expected, map);
}

/** Makes a Plan from options and manifests, for the command line and for library users. */
import { OptionError } from '../errors.js';
import { counted } from '../text/numbers.js';
import { checkRules, makeEjection, namedAsExpected, withGiven } from './ejection.js';
import type { FromManifests } from './from-manifests.js';
import { givenIstio, notRead } from './gateways/istio-versions.js';
import { makeIdentify } from './identify.js';
import { DEFAULT_JUDGE, givenJudge, judgeWith } from './judge.js';
import { candidateWords } from './labels/labels.js';
import { makeLoad } from './load.js';
import { endedByVerdict } from './load-end.js';
import type { JudgePlan, LoadPlan, Note, Plan } from './plan.js';
import type { PlanOptions } from './plan-options.js';
import { ejectionNotes } from './policy/ejection-notes.js';
import { http2Notes } from './target/http2-headers.js';
import { maskSecrets } from './target/secrets.js';
import { makeTarget, NOWHERE, parseUrl } from './target/target.js';
import { checkTlsUsed } from './target/tls.js';
import { hasBraces } from './values/request-template.js';
import { weightNotes } from './weight-notes.js';

/** Manifests can call for any number: one for each document that is not read. */
const MAX_NOTES = 1000;

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
  return (await planWithManifests(options, { needsAddress: true })).plan;
}

/** A plan, and the part of it that comes from manifests; null without manifests. */
export interface PlanWithManifests {
  readonly plan: Plan;
  readonly fromManifests: FromManifests | null;
}

/** As {@link makePlan}. @param needsAddress false: nothing will be sent, so it need not be known where to */
export async function planWithManifests(
  options: PlanOptions,
  { needsAddress }: { readonly needsAddress: boolean },
): Promise<PlanWithManifests> {
  // Options are checked before manifests are read, so that an error in them is reported at once.
  const checkedLoad = makeLoad(options.load ?? {}, options.http2 === true, mayHaveValues(options));
  const givenEjection = makeEjection(options.ejection);
  const identify = makeIdentify(options);
  const given = givenJudge(options);
  const istio = options.istio === undefined ? undefined : givenIstio(options.istio);
  const url =
    options.url === undefined ? null : parseUrl(options.url, options.secretHeaders, options.values !== false);
  const manifests = hasManifests(options) ? options.manifests : null;
  if (manifests === null) checkWithoutManifests(options, needsAddress);

  const fromManifests =
    manifests === null
      ? null
      : await readManifests(manifests, url, { ...options, needsAddress }, checkedLoad);
  const target = fromManifests?.target ?? makeTarget(url ?? new URL(NOWHERE), options, { headers: [] });
  checkTlsUsed(target, options);
  const judge = judgeWith(given, { ...DEFAULT_JUDGE, expected: fromManifests?.expected ?? null }, [
    'expect',
    'manifests',
  ]);
  const { expected } = judge;
  const load = endedByVerdict(checkedLoad, options.load ?? {}, isDecidedByLooks(judge));
  const secretHeaders = (options.secretHeaders ?? []).map((name) => name.toLowerCase());
  const mask = maskSecrets({ target, secretHeaders });
  const rules = namedAsExpected(fromManifests?.ejection ?? [], expected);
  const ejection = checkRules(withGiven(rules.rules, givenEjection, expected));
  const plan: Plan = {
    target,
    load,
    identify: { ...identify, candidates: candidateWords(expected ?? []) },
    detect: { version: options.versionFrom === undefined, endpoint: options.endpointFrom === undefined },
    ...withKnown(fromManifests === null ? istio : fromManifests.istio),
    judge,
    policies: fromManifests?.policies ?? [],
    ejection,
    notes: bounded([
      ...(fromManifests?.notes ?? notesOn(istio)),
      ...weightNotes(expected ?? []),
      ...http2Notes(target),
      ...rules.notes,
      ...ejectionNotes(ejection, load),
    ]).map(({ code, text }) => ({ code, text: mask(text) })),
    secretHeaders,
  };
  return { plan, fromManifests };
}

/** Whether anything of the request has double braces that are not just text. */
function mayHaveValues({ values, url = '', headers = {}, body = '' }: PlanOptions): boolean {
  return values !== false && [url, ...Object.values(headers), body].some(hasBraces);
}

/** Whether a run can end when its verdict is known: not if that depends only on what is known at the end. */
function isDecidedByLooks({ expected, only }: JudgePlan): boolean {
  return expected !== null && (only === null || only.some((kind) => kind !== 'sent' && kind !== 'ejections'));
}

/** Notes on a version of Istio that is given without manifests. */
function notesOn(istio: Plan['istio']): readonly Note[] {
  const text = istio === undefined ? null : notRead(istio);
  return text === null ? [] : [{ code: 'gateway-version', text }];
}

function withKnown(istio: Plan['istio']): Pick<Plan, 'istio'> {
  return istio === undefined ? {} : { istio };
}

function bounded(notes: readonly Note[]): readonly Note[] {
  if (notes.length <= MAX_NOTES) return notes;
  const text = `${counted(notes.length - MAX_NOTES, 'note')} more on the manifests are left out.`;
  return [...notes.slice(0, MAX_NOTES), { code: 'notes-bounded', text }];
}

function hasManifests(
  options: PlanOptions,
): options is PlanOptions & { manifests: NonNullable<PlanOptions['manifests']> } {
  const { manifests } = options;
  return manifests !== undefined && !(Array.isArray(manifests) && manifests.length === 0);
}

function checkWithoutManifests({ rule, url }: PlanOptions, needsAddress: boolean): void {
  if (rule !== undefined) {
    throw new OptionError(
      (name) => `${name('rule')} chooses among manifests: give them with ${name('manifests')}.`,
    );
  }
  if (url === undefined && needsAddress) {
    throw new OptionError(
      (name) =>
        `Nothing to send requests to. Give a URL, or manifests whose Gateway has an address with ${name('manifests')}.`,
    );
  }
}

/** Loads the readers of manifests, and the YAML parser, only if they are needed. */
async function readManifests(
  manifests: NonNullable<PlanOptions['manifests']>,
  url: URL | null,
  options: PlanOptions & { readonly needsAddress: boolean },
  load: LoadPlan,
): Promise<FromManifests> {
  const { planFromManifests } = await import('./from-manifests.js');
  return planFromManifests(manifests, url, options, load);
}

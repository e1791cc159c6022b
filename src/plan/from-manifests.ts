/** The part of a plan that comes from manifests: target, expected versions, policies and ejection rules. */
import { isIP } from 'node:net';
import { expectedFromRule } from './expectations.js';
import { withIstio } from './gateways/find-istio.js';
import { describeRule } from './manifests/describe.js';
import { readManifests } from './manifests/index.js';
import type { IstioVersion, ManifestSet } from './manifests/model.js';
import type { EjectionRule, ExpectedVersion, KeptPolicy, LoadPlan, Note, Target } from './plan.js';
import type { PlanOptions } from './plan-options.js';
import { appliedPolicies } from './policy/applied-policies.js';
import { policyLines } from './policy/policy-in-words.js';
import { exportDoubt } from './routes/export-notes.js';
import { gatewayNotes } from './routes/gateway-note.js';
import { grantNotes } from './routes/grant-notes.js';
import { covers } from './routes/hostnames.js';
import { istioNotes } from './routes/istio-notes.js';
import { listenerNotes } from './routes/listener-notes.js';
import { whyNoBackends } from './routes/no-backends.js';
import { routesOfGateways } from './routes/parents.js';
import { retryNotes } from './routes/retry-notes.js';
import { ruleNotes } from './routes/rule-notes.js';
import { type Selection, selectRule } from './routes/select-rule.js';
import { ServedRoutes } from './routes/served-routes.js';
import { statusNotes } from './routes/status-notes.js';
import { defaultHeaders, readHeaders } from './target/request-headers.js';
import { makeTarget, type TargetDefaults } from './target/target.js';
import { type DerivedTarget, deriveTarget } from './target/target-from-manifests.js';
import { sampleRequests } from './values/sample-requests.js';
import { showValues } from './values/url-values.js';

/** Requests of which it is asked whether the selected rule takes them, if they have values. */
const SAMPLES = 20;

export interface FromManifests {
  readonly target: Target;
  /** The rule's backends by weight; null if the options have expected weights. */
  readonly expected: readonly ExpectedVersion[] | null;
  readonly policies: readonly KeptPolicy[];
  /** Their versions are names of the rule's backends. */
  readonly ejection: readonly EjectionRule[];
  readonly notes: readonly Note[];
  /** The version of Istio, as far as it is known. */
  readonly istio: IstioVersion | undefined;
  readonly set: ManifestSet;
  readonly selection: Selection;
}

/**
 * Finds the rule that answers the request, and completes the request by that rule's match and Gateway.
 *
 * @param manifests as read, or files, folders and `-`
 * @param url the URL of the options; null if there is none
 * @param load the seed decides about values
 * @throws UserError if no rule or several fit, or if the rule does not say all that is needed
 */
export async function planFromManifests(
  manifests: NonNullable<PlanOptions['manifests']>,
  url: URL | null,
  options: PlanOptions & { readonly needsAddress: boolean },
  load: LoadPlan,
): Promise<FromManifests> {
  const set = withIstio(isList(manifests) ? await readManifests(manifests) : manifests, options.istio);
  const { host: headerHost, headers, removed } = readHeaders(options.headers ?? []);
  const host = options.host ?? headerHost ?? (url === null ? null : hostOfUrl(set, url));
  const urlPath = url === null ? '/' : url.pathname + url.search;
  const path = urlPath === '/' ? null : options.values === false ? urlPath : showValues(urlPath);
  // A body makes the request a POST.
  const method = options.method ?? (options.body === undefined ? null : 'POST');
  const connect = url === null ? null : connectOf(url);
  const defaults = defaultHeaders(options.body !== undefined).filter(
    ([name]) => !removed.has(name) && headers.every(([given]) => given.toLowerCase() !== name),
  );
  const looked = { path, headers };
  const [first, ...next] = options.values === false ? [looked] : sampleRequests(looked, load, SAMPLES);
  const { needsAddress } = options;
  const request = { host, method, defaults, secrets: options.secretHeaders, connect, needsAddress, ...first };
  const wanted = options.rule === undefined ? null : String(options.rule);
  const selection = selectRule(set, request, wanted);
  const derived = deriveTarget(set, selection, request);
  const elsewhere = next.filter((one) =>
    isTakenByOther(deriveTarget(set, selection, { ...request, ...one })),
  );
  // What the rule asks for besides is at the end.
  const fullPath = path === null ? derived.path : path + derived.path.slice((first.path ?? '').length);
  const base = new URL(
    url ?? `${derived.scheme}://${inUrl(derived.addresses[0] as string)}:${derived.port}/`,
  );
  base.pathname = '/';
  base.search = '';
  const targetDefaults: TargetDefaults = {
    ...(url === null ? { addresses: derived.addresses } : {}),
    ...(derived.host === null ? {} : { host: derived.host }),
    method: derived.method,
    path: fullPath,
    headers: derived.headers,
  };
  const target = makeTarget(base, options, targetDefaults);
  const applied = appliedPolicies(set, selection);
  const doubt = exportDoubt(set, selection.route);
  const skipped = set.skipped.map((text): Note => ({ code: 'manifest-skipped', text }));
  return {
    target: { ...target, url: target.url.replace(/\/$/, '') + fullPath },
    expected: options.expect === undefined ? expectedOf(set, selection) : null,
    policies: applied.policies,
    ejection: applied.ejection,
    istio: set.istio,
    set,
    selection,
    notes: [
      ...statusNotes(set, selection.route),
      ...listenerNotes(set, selection.route, selection.host, connect),
      ...grantNotes(set, selection),
      ...selection.notes,
      ...ruleNotes(set, selection),
      ...retryNotes(set, selection),
      ...gatewayNotes(set, selection, applied.policies.length > 0 || applied.ejection.length > 0),
      ...istioNotes(set, [selection.route]).map((text): Note => ({ code: 'gateway-version', text })),
      ...derived.notes,
      ...valueNotes(elsewhere.length, selection),
      ...(doubt === null ? [] : [{ code: 'export-unknown' as const, text: `${doubt}.` }]),
      ...skipped,
      ...applied.policies.map(policyNote),
      ...applied.notes,
    ],
  };
}

function isTakenByOther({ notes }: DerivedTarget): boolean {
  return notes.some(({ code }) => code === 'other-rule-answers');
}

/** @param elsewhere of the requests after the first, how many another rule takes */
function valueNotes(elsewhere: number, { route, rule }: Selection): Note[] {
  if (elsewhere === 0) return [];
  const text =
    `Which rule takes a request depends on its values: ${describeRule(route, rule)} was selected by the first request, ` +
    `and of the next ${SAMPLES - 1} another takes ${elsewhere}.`;
  return [{ code: 'values-choose-rule', text }];
}

function isList(manifests: NonNullable<PlanOptions['manifests']>): manifests is readonly string[] {
  return Array.isArray(manifests);
}

/** The policy as it was read, as a list. */
function policyNote({ source, host, subset, trafficPolicy }: KeptPolicy): Note {
  const where = subset === null ? host : `${host}, subset ${subset}`;
  const lines = policyLines(trafficPolicy).map((line) => `\n- ${line}`);
  return { code: 'policy', text: `${source} applies to ${where}:${lines.join('')}` };
}

function expectedOf(set: ManifestSet, { route, rule }: Selection): readonly ExpectedVersion[] {
  return expectedFromRule(rule, describeRule(route, rule), whyNoBackends(set, route, rule));
}

/** The URL's host if a route has it; the address of a load balancer is not used as Host. */
function hostOfUrl(set: ManifestSet, url: URL): string | null {
  const { address } = connectOf(url);
  if (isIP(address) !== 0) return null;
  const written = routesOfGateways(set).flatMap(({ hostnames }) => hostnames);
  const served = new ServedRoutes(set, connectOf(url)).hosts().filter((host) => host !== '*');
  return [...written, ...served].some((pattern) => covers(pattern, address)) ? address : null;
}

function connectOf(url: URL): { scheme: 'http' | 'https'; address: string; port: number } {
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return { scheme, address: url.hostname.replace(/^\[|\]$/g, ''), port };
}

function inUrl(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

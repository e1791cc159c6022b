/** Options and manifests → Plan. */
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { UserError } from '../../errors.js';
import { DEFAULT_BODY_LIMIT, DEFAULT_CONFIDENCE, DEFAULT_TOLERANCE } from '../../plan/defaults.js';
import { applyMap, expectedFromRule, parseExpect } from '../../plan/expectations.js';
import { parseLabelSource } from '../../plan/labels/label-source.js';
import { candidateWords } from '../../plan/labels/labels.js';
import { describeRule } from '../../plan/manifests/describe.js';
import type { ManifestSet } from '../../plan/manifests/model.js';
import type { EjectionRule, ExpectedVersion, KeptPolicy, Note, Plan, Target } from '../../plan/plan.js';
import { ejectionNotes } from '../../plan/policy/ejection-notes.js';
import { ejectionRulesOf, namedAsExpected, withGiven } from '../../plan/policy/ejection-rules.js';
import { keptPolicies } from '../../plan/policy/kept-policies.js';
import { covers } from '../../plan/routes/hostnames.js';
import { type Selection, selectRule } from '../../plan/routes/select-rule.js';
import type { TargetOptions } from '../../plan/target/options.js';
import { readHeaders } from '../../plan/target/request-headers.js';
import { makeTarget, parseUrl, type TargetDefaults } from '../../plan/target/target.js';
import { deriveTarget } from '../../plan/target/target-from-manifests.js';
import { ejectionFromFlags } from './ejection-from-flags.js';
import { type Flags, many, on, one, refuseTogether } from './flags.js';
import { loadFromFlags } from './load-from-flags.js';
import { bodyLimitFromFlags, confidenceFromFlags, toleranceFromFlags } from './reading-from-flags.js';
import { checkTlsFlags, http2Notes, readTargetFlags } from './target-from-flags.js';

const ALWAYS_SECRET = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'api-key',
  'x-auth-token',
];

/**
 * @param urlText the URL on the command line, undefined when there is none
 * @param stdin gives standard input as text, for `-f -`
 * @throws UserError naming option, file and field
 */
export async function planFromFlags(
  urlText: string | undefined,
  flags: Flags,
  stdin: () => Promise<string>,
): Promise<Plan> {
  refuseTogether(flags, [
    ['unix-socket', 'connect-to', 'a Unix socket has no host and port'],
    ['unix-socket', 'resolve', 'a Unix socket has no host and port'],
    ['settle', 'no-preflight', 'settling sends requests before the load'],
    ['insecure', 'cacert', 'without verification no authority is asked'],
  ]);
  // Options are read before files: a typing error shall not wait for a long manifest.
  const load = loadFromFlags(flags);
  const versionText = one(flags, 'version-from');
  const endpointText = one(flags, 'endpoint-from');
  const tolerance = toleranceFromFlags(flags) ?? DEFAULT_TOLERANCE;
  const confidence = confidenceFromFlags(flags) ?? DEFAULT_CONFIDENCE;
  const bodyLimitBytes = bodyLimitFromFlags(flags) ?? DEFAULT_BODY_LIMIT;
  const givenEjection = ejectionFromFlags(flags);
  const version = parseLabelSource(versionText ?? 'none', '--version-from');
  const endpoint = parseLabelSource(endpointText ?? 'none', '--endpoint-from');
  if (on(flags, 'no-preflight') && versionText === undefined) {
    throw new UserError('--no-preflight leaves no response to find out the version by: give --version-from.');
  }
  refuseFileAsUrl(urlText);
  const url = urlText === undefined ? null : parseUrl(urlText);
  const expectTexts = many(flags, 'expect');
  const given = expectTexts.length > 0 ? parseExpect(expectTexts) : null;
  const targetFlags = readTargetFlags(flags);

  const sources = many(flags, 'manifest');
  if (sources.length === 0 && one(flags, 'rule') !== undefined) {
    throw new UserError('--rule chooses among manifests: give them with -f.');
  }
  if (sources.length === 0 && url === null) {
    throw new UserError(
      'Nothing to send requests to. Give a URL, or manifests whose Gateway has an address with -f.',
    );
  }
  const fromManifests =
    sources.length === 0
      ? null
      : readRoute(await manifestsOf(sources, stdin), url, flags, targetFlags, given);
  const target = fromManifests?.target ?? makeTarget(url as URL, targetFlags, { headers: [] });
  checkTlsFlags(target, flags);
  const mapTexts = many(flags, 'map');
  const named = given ?? fromManifests?.expected ?? null;
  if (named === null && mapTexts.length > 0) {
    throw new UserError('--map says what stands for an expected version: give --expect or -f too.');
  }
  const expected = named === null ? null : applyMap(named, mapTexts);
  const namedRules = namedAsExpected(fromManifests?.ejection ?? [], expected);
  const ejection = withGiven(namedRules.rules, givenEjection, expected);
  return {
    target,
    load,
    identify: {
      version,
      endpoint,
      bodyLimitBytes,
      candidates: candidateWords(expected ?? []),
      upstreamTimeStamped: false,
    },
    judge: { expected, tolerance, confidence },
    policies: fromManifests?.policies ?? [],
    ejection,
    notes: [
      ...(fromManifests?.notes ?? []),
      ...http2Notes(target),
      ...namedRules.notes,
      ...ejectionNotes(ejection, load),
    ],
    secretHeaders: [...ALWAYS_SECRET, ...many(flags, 'secret').map((name) => name.toLowerCase())],
  };
}

/** `-f *.yaml` becomes `-f a.yaml b.yaml` in the shell, and b.yaml would be looked up as a host. */
function refuseFileAsUrl(text: string | undefined): void {
  if (text !== undefined && /\.(ya?ml|json)$/i.test(text) && existsSync(text)) {
    throw new UserError(`'${text}' is a file, not a URL. Give each manifest its own -f, or the folder.`);
  }
}

/** Loads the YAML parser only where there are manifests. */
async function manifestsOf(sources: readonly string[], stdin: () => Promise<string>): Promise<ManifestSet> {
  const { readManifests } = await import('../../plan/manifests/index.js');
  return readManifests(sources, stdin);
}

interface FromManifests {
  readonly target: Target;
  readonly expected: readonly ExpectedVersion[] | null;
  readonly policies: readonly KeptPolicy[];
  /** By the names of the rule's backends. */
  readonly ejection: readonly EjectionRule[];
  readonly notes: readonly Note[];
}

function readRoute(
  set: ManifestSet,
  url: URL | null,
  flags: Flags,
  targetFlags: TargetOptions,
  given: readonly ExpectedVersion[] | null,
): FromManifests {
  const { host: headerHost, headers } = readHeaders(targetFlags.headers);
  const host = targetFlags.host ?? headerHost ?? hostOfUrl(set, url);
  const path = url === null || (url.pathname === '/' && url.search === '') ? null : url.pathname + url.search;
  const request = { host, path, method: targetFlags.method ?? null, headers };
  const selection = selectRule(set, request, one(flags, 'rule') ?? null);
  const derived = deriveTarget(set, selection, { ...request, connect: url === null ? null : connectOf(url) });
  const [first] = derived.addresses as [string, ...string[]];
  const base = url ?? new URL(`${derived.scheme}://${inUrl(first)}:${derived.port}/`);
  base.pathname = '/';
  base.search = '';
  const defaults: TargetDefaults = {
    ...(url === null ? { addresses: derived.addresses } : {}),
    ...(derived.host === null ? {} : { host: derived.host }),
    method: derived.method,
    path: derived.path,
    headers: derived.headers,
  };
  const notes: Note[] = [...selection.notes, ...derived.notes];
  for (const text of set.skipped) notes.push({ code: 'manifest-skipped', text });
  const target = makeTarget(base, targetFlags, defaults);
  const kept = keptPolicies(set, selection.rule);
  const ejection = ejectionRulesOf(set, selection.rule);
  return {
    target: {
      ...target,
      url: url === null ? target.url + derived.path.slice(1) : target.url.replace(/\/$/, '') + derived.path,
    },
    expected: given === null ? expectedOf(selection) : null,
    policies: kept.policies,
    ejection: ejection.rules,
    notes: [...notes, ...kept.notes, ...kept.policies.map(policyNote), ...ejection.notes],
  };
}

/** The policy as it was read, on one line: what later analyses hold the run against. */
function policyNote({ source, host, subset, trafficPolicy }: KeptPolicy): Note {
  const where = subset === null ? host : `${host}, subset ${subset}`;
  return { code: 'policy', text: `${source} applies to ${where}: ${JSON.stringify(trafficPolicy)}` };
}

function expectedOf(selection: Selection): readonly ExpectedVersion[] {
  return expectedFromRule(selection.rule, describeRule(selection.route, selection.rule));
}

/** The URL's host where a route is for it; the address of a load balancer is no Host. */
function hostOfUrl(set: ManifestSet, url: URL | null): string | null {
  if (url === null || isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) return null;
  const known = set.routes.some((route) => route.hostnames.some((pattern) => covers(pattern, url.hostname)));
  return known ? url.hostname : null;
}

function connectOf(url: URL): { scheme: 'http' | 'https'; address: string; port: number } {
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return { scheme, address: url.hostname.replace(/^\[|\]$/g, ''), port };
}

function inUrl(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

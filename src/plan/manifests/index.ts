/** Manifests from files, folders and standard input, in the shape of model.ts. */

import { readStdin } from '../../io/stdin.js';
import { printable } from '../../text/printable.js';
import { followDelegates } from './delegates.js';
import { type RawResource, readingText, resourcesIn } from './documents.js';
import { withListenerSets } from './listener-sets.js';
import type { ManifestSet, ResourceRef } from './model.js';
import { READERS } from './readers/index.js';
import { markUngranted } from './reference-grants.js';
import { type Reader, readRef, resourceLabel, type SetBuilder, splitApiVersion } from './resource.js';
import { readSources } from './sources.js';

/**
 * Reads manifests: YAML or JSON, any number of documents, `kind: List` included. Kinds, groups and versions
 * that are not read are named in `skipped`. Of a resource that is there twice the later one counts, as with
 * `kubectl apply`.
 *
 * @param sources files, folders (not their subfolders) or `-` for standard input, at most once
 * @param stdin gives standard input as text; default: this process's
 * @throws UserError naming file, document, line, resource and field
 */
export async function readManifests(
  sources: readonly string[],
  stdin: () => Promise<string> = readStdin,
): Promise<ManifestSet> {
  const set = emptySet();
  for (const text of await readSources(sources, stdin)) {
    readingText(text, () => {
      for (const resource of resourcesIn(text)) readResource(resource, set);
    });
  }
  const listenerSets = latest(set.listenerSets, set.skipped);
  const namespaces = latest(set.namespaces, set.skipped);
  const referenceGrants = latest(set.referenceGrants, set.skipped);
  return {
    routes: markUngranted(followDelegates(latest(set.routes, set.skipped), set.skipped), referenceGrants),
    gateways: withListenerSets(latest(set.gateways, set.skipped), listenerSets, namespaces),
    gatewayClasses: latest(set.gatewayClasses, set.skipped),
    destinationRules: latest(set.destinationRules, set.skipped),
    services: latest(set.services, set.skipped),
    deployments: latest(set.deployments, set.skipped),
    listenerSets,
    namespaces,
    endpointHeaders: latest(set.endpointHeaders, set.skipped),
    meshConfigs: latest(set.meshConfigs, set.skipped),
    gatewayPolicies: latest(set.gatewayPolicies, set.skipped),
    sessionPolicies: latest(set.sessionPolicies, set.skipped),
    retryBudgets: latest(set.retryBudgets, set.skipped),
    backendTlsPolicies: latest(set.backendTlsPolicies, set.skipped),
    referenceGrants,
    skipped: set.skipped,
  };
}

/** A set to read resources into. */
export function emptySet(): SetBuilder {
  return {
    routes: [],
    gateways: [],
    gatewayClasses: [],
    destinationRules: [],
    services: [],
    deployments: [],
    listenerSets: [],
    namespaces: [],
    endpointHeaders: [],
    meshConfigs: [],
    gatewayPolicies: [],
    sessionPolicies: [],
    retryBudgets: [],
    backendTlsPolicies: [],
    referenceGrants: [],
    skipped: [],
  };
}

/**
 * Reads one resource into the set, or names it in `skipped`.
 *
 * @throws UserError naming file, document, line, resource and field
 */
export function readResource(raw: RawResource, set: SetBuilder): void {
  const { apiVersion, kind, field } = raw;
  const found = readerFor(raw);
  if (typeof found !== 'string' && found.accepts?.(field) !== false) {
    const ref = readRef(field, kind, apiVersion, found.defaultName);
    found.read(field.asResource(resourceLabel(ref)), ref, set);
    return;
  }
  const why = typeof found === 'string' ? found : UNKNOWN_KIND;
  const name = field.get('metadata').get('name').text() ?? '?';
  set.skipped.push(`${field.place}: ${printable(`${kind} ${name}`)} skipped: ${why}`);
}

const UNKNOWN_KIND = 'this kind is not read';

/** The reader of a resource, or why there is none. */
function readerFor({ apiVersion, kind }: RawResource): Reader | string {
  const { group, version } = splitApiVersion(apiVersion);
  const ofKind = READERS.filter((one) => one.kind === kind);
  if (ofKind.length === 0) return UNKNOWN_KIND;
  const reader = ofKind.find((one) => one.group === group);
  if (reader === undefined) {
    const groups = ofKind.map((one) => one.group || 'the core group').join(' and ');
    return `${kind} is read only of ${groups}, not of ${printable(apiVersion)}`;
  }
  if (reader.versions.includes(version)) return reader;
  return `version ${printable(version)} is not read (${reader.versions.join(', ')} are)`;
}

/** Leaves out what a later resource of the same name replaces. */
function latest<T extends { readonly ref: ResourceRef }>(resources: readonly T[], skipped: string[]): T[] {
  const key = ({ ref }: T) =>
    `${splitApiVersion(ref.apiVersion).group}/${ref.kind}/${ref.namespace}/${ref.name}`;
  // A resource may become several entries, of several hosts: these share its ref.
  const last = new Map(resources.map((resource) => [key(resource), resource]));
  return resources.filter((resource) => {
    const winner = last.get(key(resource)) as T;
    if (winner.ref === resource.ref) return true;
    const { file, document, line } = resource.ref.source;
    const label = resourceLabel(resource.ref);
    const by = `${winner.ref.source.file} line ${winner.ref.source.line}`;
    skipped.push(
      `${file}: document ${document}, line ${line}: ${label} skipped: ${by} has it again, and that one is used`,
    );
    return false;
  });
}

/** Manifests from files, folders and standard input, in the shape of model.ts. */

import { printable } from '../../text/printable.js';
import { type RawResource, resourcesIn } from './documents.js';
import type { ManifestSet, ResourceRef } from './model.js';
import { deployment } from './readers/deployment.js';
import { destinationRule } from './readers/destination-rule.js';
import { readEndpointFilter } from './readers/endpoint-filter.js';
import { gateway } from './readers/gateway.js';
import { grpcRoute } from './readers/grpc-route.js';
import { httpRoute } from './readers/http-route.js';
import { istioGateway } from './readers/istio-gateway.js';
import { service } from './readers/service.js';
import { virtualService } from './readers/virtual-service.js';
import { type Reader, readRef, resourceLabel, type SetBuilder, splitApiVersion } from './resource.js';
import { readSources } from './sources.js';

/** One line per resource kind. */
const READERS: readonly Reader[] = [
  httpRoute,
  grpcRoute,
  gateway,
  istioGateway,
  virtualService,
  destinationRule,
  service,
  deployment,
];

/**
 * Reads manifests: YAML or JSON, any number of documents, `kind: List` included. Kinds, groups and versions
 * that are not read are named in `skipped`. Of a resource that is there twice the later one counts, as with
 * `kubectl apply`.
 *
 * @param sources files, folders (not their subfolders) or `-` for standard input, at most once
 * @param stdin gives standard input as text
 * @throws UserError naming file, document, line, resource and field
 */
export async function readManifests(
  sources: readonly string[],
  stdin: () => Promise<string>,
): Promise<ManifestSet> {
  const set = emptySet();
  for (const text of await readSources(sources, stdin)) {
    for (const resource of resourcesIn(text)) readResource(resource, set);
  }
  return {
    routes: latest(set.routes, set.skipped),
    gateways: latest(set.gateways, set.skipped),
    destinationRules: latest(set.destinationRules, set.skipped),
    services: latest(set.services, set.skipped),
    deployments: latest(set.deployments, set.skipped),
    endpointHeaders: latest(set.endpointHeaders, set.skipped),
    skipped: set.skipped,
  };
}

/** A set to read resources into. */
export function emptySet(): SetBuilder {
  return {
    routes: [],
    gateways: [],
    destinationRules: [],
    services: [],
    deployments: [],
    endpointHeaders: [],
    skipped: [],
  };
}

/**
 * Reads one resource into the set, or names it in `skipped`.
 *
 * @throws UserError naming file, document, line, resource and field
 */
export function readResource({ apiVersion, kind, field }: RawResource, set: SetBuilder): void {
  const { group, version } = splitApiVersion(apiVersion);
  const ofKind = READERS.filter((reader) => reader.kind === kind);
  const reader = ofKind.find((one) => one.group === group);
  if (reader?.versions.includes(version)) {
    const ref = readRef(field, kind, apiVersion);
    reader.read(field.asResource(resourceLabel(ref)), ref, set);
    return;
  }
  if (kind === 'EnvoyFilter') {
    const ref = readRef(field, kind, apiVersion);
    const found = readEndpointFilter(field.asResource(resourceLabel(ref)), ref);
    if (found !== null) {
      set.endpointHeaders.push(found);
      return;
    }
  }
  const name = field.get('metadata').get('name').text() ?? '?';
  const resource = `${field.place}: ${printable(`${kind} ${name}`)} skipped: `;
  if (reader !== undefined) {
    set.skipped.push(
      `${resource}version ${printable(version)} is not read (${reader.versions.join(', ')} are)`,
    );
  } else if (ofKind.length > 0) {
    const groups = ofKind.map((one) => one.group || 'the core group').join(' and ');
    set.skipped.push(`${resource}${kind} is read only of ${groups}, not of ${printable(apiVersion)}`);
  } else {
    set.skipped.push(`${resource}this kind is not read`);
  }
}

/** Leaves out what a later resource of the same name replaces. */
function latest<T extends { readonly ref: ResourceRef }>(resources: readonly T[], skipped: string[]): T[] {
  const key = ({ ref }: T) =>
    `${splitApiVersion(ref.apiVersion).group}/${ref.kind}/${ref.namespace}/${ref.name}`;
  const last = new Map(resources.map((resource) => [key(resource), resource]));
  return resources.filter((resource) => {
    const winner = last.get(key(resource)) as T;
    if (winner === resource) return true;
    const { file, document, line } = resource.ref.source;
    const label = resourceLabel(resource.ref);
    const by = `${winner.ref.source.file} line ${winner.ref.source.line}`;
    skipped.push(
      `${file}: document ${document}, line ${line}: ${label} skipped: it is there again in ${by}, which counts`,
    );
    return false;
  });
}

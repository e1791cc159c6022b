/** What every resource has, and what a reader of one kind is. */

import { printable } from '../../text/printable.js';
import type { Dialect } from './dialect.js';
import type { Field } from './fields.js';
import type { ManifestSet, ResourceRef } from './model.js';
import { objectName, optionalName } from './readers/checks.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };

/** The set while it is being read. */
export type SetBuilder = Mutable<Required<Omit<ManifestSet, 'istio'>>>;

/** Reads one resource kind of one API group. */
export interface Reader {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly versions: readonly string[];
  /** The dialect of the routes that it reads; absent for other kinds. */
  readonly dialect?: Dialect;
  /** False: this resource is skipped, as one of an unknown kind is. Without it all are read. */
  readonly accepts?: (resource: Field) => boolean;
  /** Name of a resource that has none; without it a name is required. */
  readonly defaultName?: string;
  /** Adds the resource to the set. Throws UserError naming the field. */
  readonly read: (resource: Field, ref: ResourceRef, set: SetBuilder) => void;
}

/** `HTTPRoute istio-test/backend-route`, fit for a terminal. */
export function resourceLabel(ref: Pick<ResourceRef, 'kind' | 'namespace' | 'name'>): string {
  return printable(`${ref.kind} ${ref.namespace}/${ref.name}`, 160);
}

/** `gateway.networking.k8s.io/v1` → group and version; the core group is empty. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.lastIndexOf('/');
  return { group: apiVersion.slice(0, Math.max(0, slash)), version: apiVersion.slice(slash + 1) };
}

/** Reads `metadata`. Throws UserError when the name is missing or the time is invalid. */
export function readRef(
  resource: Field,
  kind: string,
  apiVersion: string,
  defaultName?: string,
): ResourceRef {
  const metadata = resource.get('metadata');
  const created = metadata.get('creationTimestamp');
  const createdAt = created.text();
  const name = metadata.get('name');
  if (createdAt !== null && Number.isNaN(Date.parse(createdAt))) created.fail('is not a time (RFC 3339)');
  return {
    kind,
    apiVersion,
    name: defaultName === undefined ? objectName(name) : (optionalName(name) ?? defaultName),
    namespace: optionalName(metadata.get('namespace')) ?? 'default',
    source: resource.sourceRef,
    createdAt,
    generation: metadata.get('generation').whole(0, Number.MAX_SAFE_INTEGER),
  };
}

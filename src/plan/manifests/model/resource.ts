/** What all resources of manifests have in common. */
import type { SourceRef } from '../yaml-source.js';

export interface ResourceRef {
  /** `HTTPRoute` */
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  /** `default` when the manifest names none. */
  readonly namespace: string;
  readonly source: SourceRef;
  /** metadata.creationTimestamp, RFC 3339; null when absent. */
  readonly createdAt: string | null;
  /** metadata.generation; null or absent when the manifest is not from a cluster. */
  readonly generation?: number | null;
}

/** A condition in a status: what a controller says of a resource. */
export interface Condition {
  /** `Accepted` */
  readonly type: string;
  /** `True`, `False` or `Unknown` */
  readonly status: string;
  readonly reason: string | null;
  /** Generation of the resource that it is about; null when not given. */
  readonly observedGeneration: number | null;
}

/** A condition on the labels of a resource. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** Namespaces: the only one, or conditions on their labels that must all hold. No conditions: every namespace. */
export type NamespaceChoice = string | readonly LabelRequirement[];

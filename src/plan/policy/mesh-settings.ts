/** What is set for the whole mesh. */
import type { ManifestSet, MeshConfig } from '../manifests/model.js';

/** Where Istio keeps what is for the whole mesh, unless its mesh config names another namespace. */
const ROOT_NAMESPACE = 'istio-system';

export interface MeshSettings {
  /** Null without a mesh config among the manifests; of several the last. */
  readonly config: MeshConfig | null;
  readonly rootNamespace: string;
  /** Whether DestinationRules without exportTo are for their own namespace only. */
  readonly privateByDefault: boolean;
}

export function meshSettings({ meshConfigs = [] }: Pick<ManifestSet, 'meshConfigs'>): MeshSettings {
  const config = meshConfigs.at(-1) ?? null;
  return {
    config,
    rootNamespace: config?.rootNamespace ?? ROOT_NAMESPACE,
    // Istio honours only `.` and `*` here.
    privateByDefault: config?.destinationRuleExportTo.includes('.') ?? false,
  };
}

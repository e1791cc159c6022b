/** What is set for the whole mesh. */
import { holdsInIstio } from '../gateways/istio-versions.js';
import type { ManifestSet, MeshConfig } from '../manifests/model.js';

/** Where Istio keeps what is for the whole mesh, unless its mesh config names another namespace. */
const ROOT_NAMESPACE = 'istio-system';

export interface MeshSettings {
  /** Null without a mesh config among the manifests; of several the last, without what the version of Istio does not know. */
  readonly config: MeshConfig | null;
  readonly rootNamespace: string;
  /** Whether DestinationRules without exportTo are for their own namespace only. */
  readonly privateByDefault: boolean;
}

export function meshSettings({
  meshConfigs = [],
  istio,
}: Pick<ManifestSet, 'meshConfigs' | 'istio'>): MeshSettings {
  const config = meshConfigs.at(-1) ?? null;
  const known = config === null || holdsInIstio('defaultTrafficPolicy', istio);
  return {
    config: known ? config : { ...config, defaultTrafficPolicy: null },
    rootNamespace: config?.rootNamespace ?? ROOT_NAMESPACE,
    // Istio honours only `.` and `*` here.
    privateByDefault: config?.destinationRuleExportTo.includes('.') ?? false,
  };
}

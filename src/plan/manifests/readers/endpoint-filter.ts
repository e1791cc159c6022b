/**
 * The one EnvoyFilter that is read: what `weighbridge instrument` prints, which adds the answering pod's address
 * to responses as a header. An EnvoyFilter can do anything to a proxy, so any other is skipped like an unknown kind.
 */
import { isDeepStrictEqual } from 'node:util';
import { ENDPOINT_HEADER } from '../../labels/instrument-headers.js';
import type { Field } from '../fields.js';
import { type Reader, splitApiVersion } from '../resource.js';

export const ENDPOINT_FILTER_API = 'networking.istio.io/v1alpha3';
export const ENDPOINT_FILTER_NAME = 'weighbridge-endpoint';

/**
 * What is merged into the gateway's route configurations, as Envoy configuration: these headers are added to the answers
 * of all their routes. A pod that sets the header itself is overruled.
 */
export function endpointHeaderPatch(): Record<string, unknown> {
  return {
    response_headers_to_add: [
      {
        header: { key: ENDPOINT_HEADER, value: '%UPSTREAM_REMOTE_ADDRESS%' },
        append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
      },
    ],
  };
}

/** `configPatches` of the filter. Without a match on names all route configurations of the gateway are meant. */
export function endpointPatches(): readonly Record<string, unknown>[] {
  return [
    {
      applyTo: 'ROUTE_CONFIGURATION',
      match: { context: 'GATEWAY' },
      patch: { operation: 'MERGE', value: endpointHeaderPatch() },
    },
  ];
}

export const endpointFilter: Reader = {
  kind: 'EnvoyFilter',
  group: splitApiVersion(ENDPOINT_FILTER_API).group,
  versions: [splitApiVersion(ENDPOINT_FILTER_API).version],
  accepts: (resource) => workloadLabelsOf(resource) !== null,
  read(resource, ref, set) {
    const workloadLabels = workloadLabelsOf(resource);
    if (workloadLabels !== null) set.endpointHeaders.push({ ref, workloadLabels });
  },
};

/** The labels of the pods that the filter is for, or null when it is any other EnvoyFilter. */
function workloadLabelsOf(resource: Field): Record<string, string> | null {
  const name = resource.get('metadata').get('name').text() ?? '';
  if (name !== ENDPOINT_FILTER_NAME && !name.startsWith(`${ENDPOINT_FILTER_NAME}-`)) return null;
  const { workloadSelector, configPatches, ...others } = resource.get('spec').plainMap() ?? {};
  if (!isDeepStrictEqual(configPatches, endpointPatches()) || Object.keys(others).length > 0) return null;
  const { labels, ...more } = (workloadSelector ?? {}) as Record<string, unknown>;
  return isLabels(labels) && Object.keys(more).length === 0 ? labels : null;
}

function isLabels(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const labels = Object.values(value);
  return labels.length > 0 && labels.every((label) => typeof label === 'string');
}

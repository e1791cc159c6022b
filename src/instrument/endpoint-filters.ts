/** The EnvoyFilters that tell endpoints: for which gateways, as text, and out of a text again. */
import { stringify } from 'yaml';
import { compareText } from '../collections.js';
import type { EndpointHeader } from '../plan/manifests/model.js';
import {
  ENDPOINT_FILTER_API,
  ENDPOINT_FILTER_NAME,
  endpointPatches,
} from '../plan/manifests/readers/endpoint-filter.js';
import { resourceLabel } from '../plan/manifests/resource.js';
import { workloadLabels } from '../plan/routes/gateway-labels.js';
import type { NamedGateway } from './attached-gateways.js';
import type { ParsedResource } from './parsed-source.js';
import { lineEndAt } from './text-edits.js';

/** One EnvoyFilter to apply. */
export interface EndpointFilter {
  readonly name: string;
  /** Null: the route names none, so that kubectl chooses. */
  readonly namespace: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** `Gateway istio-test/istio-gateway` */
  readonly gateway: string;
}

/** Istio's root namespace: what selects pods there selects them in every namespace. */
const ROOT_NAMESPACE = 'istio-system';

/** A filter for every gateway; gateways that select the same pods share one. */
export function endpointFilters(gateways: readonly NamedGateway[]): EndpointFilter[] {
  const filters = new Map<string, EndpointFilter>();
  const taken = new Set<string>();
  for (const { name, namespace, namespaceAssumed, family, manifest } of gateways) {
    const labels = workloadLabels({ family, name, selector: manifest?.selector ?? {} });
    const where = family.pods === 'selected' ? ROOT_NAMESPACE : namespaceAssumed ? null : namespace;
    const key = `${where} ${labelsKey(labels)}`;
    if (filters.has(key)) continue;
    const plain = `${where} ${ENDPOINT_FILTER_NAME}`;
    filters.set(key, {
      name: taken.has(plain) ? `${ENDPOINT_FILTER_NAME}-${name}` : ENDPOINT_FILTER_NAME,
      namespace: where,
      labels,
      gateway: resourceLabel({ kind: 'Gateway', namespace, name }),
    });
    taken.add(plain);
  }
  return [...filters.values()];
}

/** An EnvoyFilter of a text. */
export type ExistingFilter = Pick<EndpointFilter, 'name' | 'namespace'>;

/** The filters that were read. */
export function existingFilters(resources: readonly ParsedResource[]): ExistingFilter[] {
  return resources.flatMap(({ raw, set }) =>
    set.endpointHeaders.map(({ ref }) => ({
      name: ref.name,
      namespace: raw.field.get('metadata').get('namespace').present ? ref.namespace : null,
    })),
  );
}

/** Whether this filter is among those that were read. */
export function isAmong(filter: EndpointFilter, existing: readonly EndpointHeader[]): boolean {
  return existing.some(
    (one) =>
      one.ref.namespace === (filter.namespace ?? 'default') &&
      labelsKey(one.workloadLabels) === labelsKey(filter.labels),
  );
}

function labelsKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => compareText(a, b)));
}

/** `kubectl delete envoyfilter -n istio-test weighbridge-endpoint` */
export function deleteCommand({ name, namespace }: ExistingFilter): string {
  return `kubectl delete envoyfilter${namespace === null ? '' : ` -n ${namespace}`} ${name}`;
}

/** The text with the filters as further documents; it ends with a line end if it did before. */
export function appendFilters(text: string, filters: readonly EndpointFilter[]): string {
  const newLine = lineEndAt(text, 0);
  const ended = text.endsWith('\n');
  const documents = filters.map((filter) => `---\n${documentOf(filter)}`.trimEnd()).join('\n');
  return `${text}${ended ? '' : newLine}${documents.replaceAll('\n', newLine)}${ended ? newLine : ''}`;
}

function documentOf(filter: EndpointFilter): string {
  const { name, namespace, labels } = filter;
  const resource = {
    apiVersion: ENDPOINT_FILTER_API,
    kind: 'EnvoyFilter',
    metadata: { name, ...(namespace === null ? {} : { namespace }) },
    spec: { workloadSelector: { labels }, configPatches: endpointPatches() },
  };
  const comment = `Made by weighbridge instrument; every client sees pod addresses until ${deleteCommand(filter)}`;
  return `# ${comment}\n${stringify(resource, { lineWidth: 0, compat: 'yaml-1.1' })}`;
}

/**
 * The text without one of its documents and the `---` before it; null where the value is not the whole document.
 *
 * @param start offset of the value
 * @param end behind it
 */
export function withoutDocument(text: string, start: number, end: number): string | null {
  const opening = [...text.slice(0, start).matchAll(/^---[^\S\n]*\n/gm)].at(-1);
  const before = text.slice(opening === undefined ? 0 : opening.index + opening[0].length, start);
  if (/^[^\S\n]*[^\s#]/m.test(before)) return null;
  const from = opening?.index ?? 0;
  const next = /^---/m.exec(text.slice(end));
  const to = next === null ? text.length : end + next.index;
  if (to < text.length || text.endsWith('\n')) return text.slice(0, from) + text.slice(to);
  return text.slice(0, from).replace(/\r?\n$/, '');
}

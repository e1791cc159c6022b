/**
 * The EnvoyFilters that add the endpoint header: which gateways need one, and adding them to and removing them from
 * a text.
 */
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
  /** Null when the route has no namespace: kubectl then uses its current one. */
  readonly namespace: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** `Gateway istio-test/istio-gateway` */
  readonly gateway: string;
}

/** Istio's root namespace: a workload selector there applies to pods of every namespace. */
const ROOT_NAMESPACE = 'istio-system';

/** One filter for each gateway. Gateways that select the same pods share one. */
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

/** An EnvoyFilter that the manifests contain. */
export type ExistingFilter = Pick<EndpointFilter, 'name' | 'namespace'>;

/** The endpoint filters that the manifests contain. */
export function existingFilters(resources: readonly ParsedResource[]): ExistingFilter[] {
  return resources.flatMap(({ raw, set }) =>
    set.endpointHeaders.map(({ ref }) => ({
      name: ref.name,
      namespace: raw.field.get('metadata').get('namespace').present ? ref.namespace : null,
    })),
  );
}

/** Whether the manifests contain this filter already. */
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

/** The text with the filters added as documents. It ends with a line break only if it did before. */
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
 * Removes a document and the `---` before it from the text.
 *
 * @param start offset of the resource in the text
 * @param end offset after the resource
 * @returns null when the document contains more than this resource
 */
export function withoutDocument(text: string, start: number, end: number): string | null {
  const opening = [...text.slice(0, start).matchAll(/^---[^\S\n]*\n/gm)].at(-1);
  const before = text.slice(opening === undefined ? 0 : opening.index + opening[0].length, start);
  const content = before
    .split(/[\r\n]/)
    .some((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  if (content) return null;
  const from = opening?.index ?? 0;
  const next = /^---/m.exec(text.slice(end));
  const to = next === null ? text.length : end + next.index;
  if (to < text.length || text.endsWith('\n')) return text.slice(0, from) + text.slice(to);
  return text.slice(0, from).replace(/\r?\n$/, '');
}

/** `weighbridge instrument --undo`: takes out what `weighbridge instrument` put in, and nothing else. */
import type { SourceText } from '../plan/manifests/sources.js';
import { gatewaysIn } from './attached-gateways.js';
import { deleteCommand, endpointFilters, existingFilters, withoutDocument } from './endpoint-filters.js';
import { headerRemovals } from './header-removals.js';
import { joinDocuments, unmarkAsYaml } from './join-documents.js';
import { type ParsedSource, parseIfAlike, parseSource, requireRoutes } from './parsed-source.js';
import { applyEdits } from './text-edits.js';

export interface Undone {
  readonly text: string;
  /** Backends that lost the header, by route. */
  readonly removed: ReadonlyMap<string, number>;
  /** Backends whose version header `instrument` did not put in, a line each. */
  readonly left: readonly string[];
  /** EnvoyFilters that were taken out of the text. */
  readonly filters: number;
  /** Commands that delete the filters from the cluster, where taking them out of a text deletes nothing. */
  readonly deletions: readonly string[];
}

/** @throws UserError for manifests that cannot be read or changed, with file and line, and when there is no route */
export function undo(sources: readonly SourceText[]): Undone {
  const parsed = sources.map((source) => parseSource({ ...source, text: unmarkAsYaml(source.text) }));
  requireRoutes(parsed);
  const removed = new Map<string, number>();
  const left: string[] = [];
  let filters = 0;
  const texts = parsed.map((one) => {
    const removals = headerRemovals(one);
    left.push(...removals.left);
    for (const [label, edits] of removals.edits) removed.set(label, (removed.get(label) ?? 0) + edits.length);
    const edits = [...removals.edits.values()].flat();
    const after = parseIfAlike(one, applyEdits(one.source.text, edits));
    if (after === null)
      return (edits[0] ?? fail()).where.fail('the version header cannot be taken out safely');
    const { text, count } = withoutFilters(after);
    filters += count;
    return text;
  });
  return { text: joinDocuments(texts), removed, left, filters, deletions: deletionsFor(parsed) };
}

function fail(): never {
  throw new Error('a text without changes reads otherwise than before');
}

/** The text without the documents that are the EnvoyFilter; items of a list stay. */
function withoutFilters({ source, resources }: ParsedSource): { text: string; count: number } {
  let { text } = source;
  let count = 0;
  for (const { raw, set } of [...resources].reverse()) {
    const range = raw.field.raw?.range;
    if (set.endpointHeaders.length === 0 || !range) continue;
    const without = withoutDocument(text, range[0], range[1]);
    if (without === null) continue;
    text = without;
    count += 1;
  }
  return { text, count };
}

/** For the filters that are there, else for those that `instrument` would have made. */
function deletionsFor(parsed: readonly ParsedSource[]): string[] {
  const resources = parsed.flatMap((one) => one.resources);
  const existing = existingFilters(resources);
  const all = existing.length > 0 ? existing : endpointFilters(gatewaysIn(resources).istio);
  return [...new Set(all.map(deleteCommand))];
}

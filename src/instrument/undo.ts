/** `weighbridge instrument --undo`: removes what `weighbridge instrument` added, and nothing else. */
import type { SourceText } from '../plan/manifests/sources.js';
import { gatewaysIn } from './attached-gateways.js';
import { deleteCommand, endpointFilters, existingFilters, withoutDocument } from './endpoint-filters.js';
import { headerRemovals } from './header-removals.js';
import { joinDocuments, unmarkAsYaml } from './join-documents.js';
import { type ParsedSource, parseIfAlike, parseSource, requireRoutes } from './parsed-source.js';
import { applyEdits } from './text-edits.js';

export interface Undone {
  readonly text: string;
  /** Number of backends whose header was removed, by route. */
  readonly removed: ReadonlyMap<string, number>;
  /** A line for each backend whose version header `instrument` did not set. */
  readonly left: readonly string[];
  /** Number of EnvoyFilters that were removed from the text. */
  readonly filters: number;
  /** Commands that delete the filters from the cluster: applying a text without them deletes nothing. */
  readonly deletions: readonly string[];
}

/**
 * @throws UserError for manifests that cannot be read or changed, with file and line, and when there is no route
 */
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
      return (edits[0] ?? fail()).where.fail(
        'its version header cannot be removed safely: remove it by hand',
      );
    const { text, count } = withoutFilters(after);
    filters += count;
    return text;
  });
  return { text: joinDocuments(texts), removed, left, filters, deletions: deletionsFor(parsed) };
}

function fail(): never {
  throw new Error('an unchanged text was parsed differently than before');
}

/** Removes the EnvoyFilters that are documents of their own. One that is an item of a List stays. */
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

/** Commands for the filters in the manifests, or else for those that `instrument` would have added. */
function deletionsFor(parsed: readonly ParsedSource[]): string[] {
  const resources = parsed.flatMap((one) => one.resources);
  const existing = existingFilters(resources);
  const all = existing.length > 0 ? existing : endpointFilters(gatewaysIn(resources).istio);
  return [...new Set(all.map(deleteCommand))];
}

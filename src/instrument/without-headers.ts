/** A source's text without the version headers of its routes. */
import { resourceLabel } from '../plan/manifests/resource.js';
import { backendsIn } from './backends.js';
import { applyEdits, type Edit } from './edit.js';
import type { ParsedSource } from './source.js';
import { removeVersionHeader } from './version-header.js';

/** The changes that take the headers out, by route. */
export function headerRemovals({ source, resources }: ParsedSource): ReadonlyMap<string, readonly Edit[]> {
  const removals = new Map<string, Edit[]>();
  for (const { raw, set } of resources) {
    for (const route of set.routes) {
      const label = resourceLabel(route.ref);
      const edits = backendsIn(source.text, raw, route, (header) => header !== null).map((backend) =>
        removeVersionHeader(source.text, backend),
      );
      if (edits.length > 0) removals.set(label, [...(removals.get(label) ?? []), ...edits]);
    }
  }
  return removals;
}

/** The text without them. */
export function withoutHeaders(parsed: ParsedSource): string {
  return applyEdits(parsed.source.text, [...headerRemovals(parsed).values()].flat());
}

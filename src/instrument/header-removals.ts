/** Removes the version headers that `instrument` put into routes. */
import { resourceLabel } from '../plan/manifests/resource.js';
import type { ParsedSource } from './parsed-source.js';
import { backendsIn, isInstrumentHeader, otherHeaderNote } from './route-backends.js';
import { applyEdits, type Edit } from './text-edits.js';
import { removeVersionHeader } from './version-header.js';

export interface HeaderRemovals {
  /** The edits that remove the headers, by route. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
  /** A line for each backend whose version header has another value and is not removed. */
  readonly left: readonly string[];
}

export function headerRemovals({ source, resources }: ParsedSource): HeaderRemovals {
  const removals = new Map<string, Edit[]>();
  const left: string[] = [];
  for (const { raw, set } of resources) {
    for (const route of set.routes) {
      const label = resourceLabel(route.ref);
      const having = backendsIn(source.text, raw, route, (header) => header !== null);
      left.push(...having.filter((backend) => !isInstrumentHeader(backend)).map(otherHeaderNote));
      const edits = having
        .filter(isInstrumentHeader)
        .map((backend) => removeVersionHeader(source.text, backend));
      if (edits.length > 0) removals.set(label, [...(removals.get(label) ?? []), ...edits]);
    }
  }
  return { edits: removals, left };
}

/** The text without the version headers. */
export function withoutHeaders(parsed: ParsedSource): string {
  return applyEdits(parsed.source.text, [...headerRemovals(parsed).edits.values()].flat());
}

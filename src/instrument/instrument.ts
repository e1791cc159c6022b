/**
 * `weighbridge instrument`: adds lines to manifests, by which the gateway sets response headers with the version and
 * the endpoint. All other text stays as it was.
 */
import { UserError } from '../errors.js';
import type { Route } from '../plan/manifests/model.js';
import { resourceLabel } from '../plan/manifests/resource.js';
import type { SourceText } from '../plan/manifests/sources.js';
import { gatewaysIn } from './attached-gateways.js';
import {
  appendFilters,
  type EndpointFilter,
  type ExistingFilter,
  endpointFilters,
  existingFilters,
  isAmong,
} from './endpoint-filters.js';
import { filterNotes } from './filter-support.js';
import { withoutHeaders } from './header-removals.js';
import { joinDocuments, markAsYaml, requireJoinable } from './join-documents.js';
import { type ParsedSource, parseIfAlike, parseSource, requireRoutes } from './parsed-source.js';
import { backendsIn, isInstrumentHeader, otherHeaderNote } from './route-backends.js';
import { applyEdits, type Edit } from './text-edits.js';
import { addVersionHeader } from './version-header.js';

export interface InstrumentOptions {
  /** Whether EnvoyFilters are added, which set the endpoint header. */
  readonly endpoints: boolean;
  /** Whether filters are added also for gateways that are known not to apply them. */
  readonly force: boolean;
}

export interface Instrumented {
  readonly text: string;
  /** Number of backends that got the header, by route. */
  readonly added: ReadonlyMap<string, number>;
  /** Number of backends that had the header already, with their name. */
  readonly present: number;
  /** EnvoyFilters that were added. */
  readonly filters: readonly EndpointFilter[];
  /** EnvoyFilters that the manifests contained already. */
  readonly presentFilters: readonly ExistingFilter[];
  /** What the user should know, a line each. */
  readonly notes: readonly string[];
}

/**
 * @throws UserError for manifests that cannot be read or changed, with file and line, when there is no route, and when a
 *   gateway does not apply filters on backendRefs
 */
export function instrument(
  sources: readonly SourceText[],
  { endpoints, force }: InstrumentOptions,
): Instrumented {
  const parsed = sources.map(parseSource);
  requireRoutes(parsed);
  const added = new Map<string, number>();
  const notes: string[] = [];
  const changedRoutes: Route[] = [];
  let present = 0;
  const texts = parsed.map((one) => {
    const { text } = one.source;
    const edits = one.resources.flatMap(({ raw, set }) =>
      set.routes.flatMap((route) => {
        const label = resourceLabel(route.ref);
        const missing = backendsIn(text, raw, route, (header) => header === null);
        const having = backendsIn(text, raw, route, (header) => header !== null);
        present += having.filter(isInstrumentHeader).length;
        if (missing.length > 0) {
          added.set(label, (added.get(label) ?? 0) + missing.length);
          changedRoutes.push(route);
        }
        notes.push(...having.filter((backend) => !isInstrumentHeader(backend)).map(otherHeaderNote));
        return missing.map((backend) => addVersionHeader(text, backend));
      }),
    );
    return changed(one, edits);
  });
  if (added.size === 0 && present === 0 && notes.length === 0) {
    throw new UserError('The routes have no backends, so there is nothing to instrument.');
  }
  if (sources.length > 1) requireJoinable(sources);
  const joined = joinDocuments(texts);
  const resources = parsed.flatMap((one) => one.resources);
  const presentFilters = existingFilters(resources);
  notes.unshift(...filterNotes(changedRoutes, resources, force));
  if (!endpoints) return { text: joined, added, present, filters: [], presentFilters, notes };
  const gateways = gatewaysIn(resources);
  const existing = resources.flatMap(({ set }) => set.endpointHeaders);
  const filters = endpointFilters(gateways.istio).filter((filter) => !isAmong(filter, existing));
  if (filters.length > 0) requireJoinable(sources);
  return {
    text: filters.length > 0 ? appendFilters(markAsYaml(joined), filters) : joined,
    added,
    present,
    filters,
    presentFilters,
    notes: [...notes, ...gateways.notes],
  };
}

/** The edited text, after checking that it means the same as before and that the edits can be undone. */
function changed(before: ParsedSource, edits: readonly Edit[]): string {
  const { text } = before.source;
  if (edits.length === 0) return text;
  // The text may have had some of the headers before.
  const bare = textWithoutHeaders(before);
  const attempt = (count: number): string | null => {
    const result = applyEdits(text, edits.slice(0, count));
    const after = parseIfAlike(before, result);
    return after !== null && bare !== null && textWithoutHeaders(after) === bare ? result : null;
  };
  const whole = attempt(edits.length);
  if (whole !== null) return whole;
  // Find the first edit that fails, by bisection.
  let good = 0;
  let bad = edits.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (attempt(middle) === null) bad = middle;
    else good = middle;
  }
  const { where } = edits[bad - 1] as Edit;
  return where.fail('cannot be changed safely as it is written: put each part on a line of its own');
}

/** Null if the headers cannot be removed. */
function textWithoutHeaders(parsed: ParsedSource): string | null {
  try {
    return withoutHeaders(parsed);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

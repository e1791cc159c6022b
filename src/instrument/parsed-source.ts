/** A text with its resources, and whether two texts mean the same apart from the version header. */
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../errors.js';
import { VERSION_HEADER } from '../plan/labels/instrument-headers.js';
import { type RawResource, readingText, resourcesIn } from '../plan/manifests/documents.js';
import { emptySet, readResource } from '../plan/manifests/index.js';
import { ROUTE_KINDS } from '../plan/manifests/readers/index.js';
import type { SetBuilder } from '../plan/manifests/resource.js';
import type { SourceText } from '../plan/manifests/sources.js';

export interface ParsedResource {
  readonly raw: RawResource;
  /** What was read from this resource alone. */
  readonly set: SetBuilder;
}

export interface ParsedSource {
  readonly source: SourceText;
  readonly resources: readonly ParsedResource[];
}

/** @throws UserError naming file, document, line, resource and field */
export function parseSource(source: SourceText): ParsedSource {
  if (source.text.includes('\ufffd')) {
    throw new UserError(`${source.name} is not valid UTF-8, so it could not be printed again unchanged`);
  }
  const resources = readingText(source, () =>
    [...resourcesIn(source)].map((raw) => {
      const set = emptySet();
      readResource(raw, set);
      return { raw, set };
    }),
  );
  return { source, resources };
}

/** @throws UserError when the manifests contain no route */
export function requireRoutes(parsed: readonly ParsedSource[]): void {
  if (parsed.some(({ resources }) => resources.some(({ set }) => set.routes.length > 0))) return;
  const [skipped] = parsed.flatMap(({ resources }) => resources.flatMap(({ set }) => set.skipped));
  throw new UserError(
    `The manifests contain no ${ROUTE_KINDS}, so there is nothing to change.${skipped === undefined ? '' : `\n${skipped}`}`,
  );
}

/** Parses the changed text; null unless it means the same as before, apart from version headers. */
export function parseIfAlike(before: ParsedSource, text: string): ParsedSource | null {
  let after: ParsedSource;
  try {
    after = parseSource({ ...before.source, text });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
  const alike =
    after.resources.length === before.resources.length &&
    after.resources.every((resource, index) => {
      const other = before.resources[index] as ParsedResource;
      if (resource.set.routes.length === 0)
        return textOf(text, resource) === textOf(before.source.text, other);
      return isDeepStrictEqual(plainData(resource), plainData(other));
    });
  return alike ? after : null;
}

function textOf(text: string, { raw }: ParsedResource): string {
  const [start = 0, end = 0] = raw.field.raw?.range ?? [];
  return text.slice(start, end);
}

function plainData({ raw }: ParsedResource): unknown {
  return withoutHeader(raw.field.plainMap());
}

/** The value without the version header, and without what is then empty. */
function withoutHeader(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutHeader).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const map = value as Record<string, unknown>;
  if (String(map['name']).toLowerCase() === VERSION_HEADER) return undefined;
  const entries = Object.entries(map)
    .filter(([key]) => key.toLowerCase() !== VERSION_HEADER)
    .map(([key, inner]) => [key, withoutHeader(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  const bare = entries.length === 1 && entries[0]?.[0] === 'type' && map['type'] === 'ResponseHeaderModifier';
  return entries.length === 0 || bare ? undefined : Object.fromEntries(entries);
}

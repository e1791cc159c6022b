/** The backends of routes with their places in the text. */
import type { Node, YAMLSeq } from 'yaml';
import { VERSION_HEADER } from '../plan/labels/instrument-headers.js';
import type { RawResource } from '../plan/manifests/documents.js';
import type { Field } from '../plan/manifests/fields.js';
import type { Route } from '../plan/manifests/model.js';
import { resourceLabel } from '../plan/manifests/resource.js';
import { printable } from '../text/printable.js';
import { pairOf, refuseShared, requireEditable } from './editable-field.js';
import { isIndentless } from './yaml-positions.js';

/** A backendRef, or a VirtualService's destination with its weight. */
export interface InstrumentedBackend {
  readonly place: Field;
  /** `filters` of a backendRef, `headers` of a destination. */
  readonly style: 'filters' | 'headers';
  /** What reports call it. */
  readonly name: string;
  /** What the version header is set to now; null where it is not. */
  readonly label: string | null;
  /** Lists around it stand as far left as the keys above them. */
  readonly indentless: boolean;
}

/**
 * The backends of a route, in order.
 *
 * @param wanted only these are looked up in the text, which refuses aliases on the way
 * @throws UserError where the text gives a backend in more than one place
 */
export function backendsIn(
  text: string,
  resource: RawResource,
  route: Route,
  wanted: (label: string | null) => boolean,
): InstrumentedBackend[] {
  const root = refuseShared(resource.field.asResource(resourceLabel(route.ref)));
  const { rules: rulesKey, backends: backendsKey, headers: style } = route.dialect.backendsAt;
  let rules: readonly Field[] | null = null;
  return route.rules.flatMap((rule) => {
    const labels = rule.backends.map(({ responseHeaders }) => labelOf(responseHeaders?.set ?? []));
    if (!labels.some(wanted)) return [];
    rules ??= requireEditable(requireEditable(root, 'spec'), rulesKey).items();
    const ruleField = refuseShared(rules[rule.index] as Field);
    const list = requireEditable(ruleField, backendsKey);
    const key = pairOf(ruleField, backendsKey)?.key as Node;
    const indentless = isIndentless(text, key, list.raw as YAMLSeq);
    const places = list.items();
    return rule.backends.flatMap(({ name }, index): InstrumentedBackend[] => {
      const label = labels[index] ?? null;
      if (!wanted(label)) return [];
      const place = refuseShared(places[index] as Field);
      return [{ place, style, name, label, indentless }];
    });
  });
}

/** Whether the backend's header is one that `instrument` puts in: it may have been there with another value. */
export function isInstrumentHeader({ label, name }: InstrumentedBackend): boolean {
  return label === name;
}

/** Of a backend whose header is another's: where it is, and that it stays. */
export function otherHeaderNote({ place, label, name }: InstrumentedBackend): string {
  return `${place.place}: ${place.path}: its version header says "${printable(label ?? '')}", not "${printable(name)}": left as it is`;
}

function labelOf(set: readonly (readonly [string, string])[]): string | null {
  // Names are lower case in the model.
  return set.find(([name]) => name === VERSION_HEADER)?.[1] ?? null;
}

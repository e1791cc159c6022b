/** The backends of routes, with their positions in the text. */
import type { Node, YAMLSeq } from 'yaml';
import type { RawResource } from '../plan/manifests/documents.js';
import type { Field } from '../plan/manifests/fields.js';
import type { Route } from '../plan/manifests/model.js';
import { versionHeaderOf, versionHeaderValues } from '../plan/manifests/readers/backend-names.js';
import { resourceLabel } from '../plan/manifests/resource.js';
import { printable } from '../text/printable.js';
import { pairOf, refuseShared, requireEditable } from './editable-field.js';
import { isIndentless } from './yaml-positions.js';

/** A backendRef, or a VirtualService's destination with its weight. */
export interface InstrumentedBackend {
  readonly place: Field;
  /** `filters` of a backendRef, `headers` of a destination. */
  readonly style: 'filters' | 'headers';
  /** The value that tells it from the others of its rule: what reports call it, with a number if it is there twice. */
  readonly name: string;
  /** The present value of the version header; null if the backend does not set it. */
  readonly label: string | null;
  /** Whether items of the lists around it are indented no further than the key above them, as kubectl prints. */
  readonly indentless: boolean;
}

/**
 * The backends of a route, in order.
 *
 * @param wanted selects backends by their version header. Only these are looked up in the text.
 * @throws UserError when a selected backend comes from an alias, so that it cannot be changed alone
 */
export function backendsIn(
  text: string,
  resource: RawResource,
  route: Route,
  wanted: (label: string | null) => boolean,
): InstrumentedBackend[] {
  const root = refuseShared(resource.field.asResource(resourceLabel(route.ref)));
  const { backendsAt } = route.dialect;
  if (backendsAt === null) return [];
  const { rules: rulesKey, backends: backendsKey, headers: style } = backendsAt;
  let rules: readonly Field[] | null = null;
  return route.rules.flatMap((rule) => {
    const labels = rule.backends.map(({ responseHeaders }) => versionHeaderOf(responseHeaders));
    if (!labels.some(wanted)) return [];
    rules ??= requireEditable(requireEditable(root, 'spec'), rulesKey).items();
    const ruleField = refuseShared(rules[rule.index] as Field);
    const list = requireEditable(ruleField, backendsKey);
    const key = pairOf(ruleField, backendsKey)?.key as Node;
    const indentless = isIndentless(text, key, list.raw as YAMLSeq);
    const places = list.items();
    return versionHeaderValues(rule.backends).flatMap((name, index): InstrumentedBackend[] => {
      const label = labels[index] ?? null;
      if (!wanted(label)) return [];
      const place = refuseShared(places[index] as Field);
      return [{ place, style, name, label, indentless }];
    });
  });
}

/** Whether the version header has the value that `instrument` sets. Somebody else may have set another one. */
export function isInstrumentHeader({ label, name }: InstrumentedBackend): boolean {
  return label === name;
}

/** A note about a backend whose version header has another value: where it is, and that it is not changed. */
export function otherHeaderNote({ place, label, name }: InstrumentedBackend): string {
  return `${place.place}: ${place.path}: its version header says "${printable(label ?? '')}", not "${printable(name)}": left as it is`;
}

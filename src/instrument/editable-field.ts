/** Steps through a manifest for who is going to change it: only what the text gives once, and in its own place. */
import { isMap, isScalar, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Field } from '../plan/manifests/fields.js';

/**
 * A map's own value, null where the map has no such key.
 *
 * @throws UserError when it comes by an alias or a merge key, or is null: a change there would not be a line more
 */
export function editable(map: Field, key: string): Field | null {
  const value = map.get(key);
  if (pairOf(map, key) === undefined) {
    if (value.present)
      value.fail('comes from a merge key (<<): write it out, so that it can be changed alone');
    return null;
  }
  if (!value.present) value.fail('has no value: leave it out or give it one');
  return refuseShared(value);
}

/** As `editable`, for what is known to be there. */
export function requireEditable(map: Field, key: string): Field {
  return editable(map, key) ?? map.get(key).fail('is missing');
}

/** A list's item that is known to be there. @throws UserError for an alias */
export function editableItem(list: Field, index: number): Field {
  return refuseShared(list.items()[index] as Field);
}

/** @throws UserError when the text gives the value in more than one place */
export function refuseShared(field: Field): Field {
  if (field.shared) {
    field.fail('is given once for several places (by an anchor and an alias): write it out in each of them');
  }
  return field;
}

/** The pair of a key in the map's own text. */
export function pairOf(map: Field, key: string): Pair | undefined {
  if (!isMap(map.raw)) return undefined;
  return map.raw.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** A map or list that `editable` gave. */
export function collection(field: Field): YAMLMap | YAMLSeq {
  return field.raw as YAMLMap | YAMLSeq;
}

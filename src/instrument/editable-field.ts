/**
 * Fields of a manifest that can be changed in the text: their value is written there, and used in one place only.
 */
import { isMap, isScalar, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Field } from '../plan/manifests/fields.js';

/**
 * The value of a key, null if the map does not have the key.
 *
 * @throws UserError when the value comes from an alias or a merge key, or is null: adding a line could not change it
 */
export function editable(map: Field, key: string): Field | null {
  const value = map.get(key);
  if (pairOf(map, key) === undefined) {
    if (value.present)
      value.fail('comes from a merge key (<<): write it out here, so that it can be changed alone');
    return null;
  }
  if (!value.present) value.fail('has no value: remove the key or give it a value');
  return refuseShared(value);
}

/** As `editable`, for a key that must exist. */
export function requireEditable(map: Field, key: string): Field {
  return editable(map, key) ?? map.get(key).fail('is missing');
}

/** An item that the list has. @throws UserError for an alias */
export function editableItem(list: Field, index: number): Field {
  return refuseShared(list.items()[index] as Field);
}

/** @throws UserError when an alias repeats the value elsewhere, so that a change here would change both places */
export function refuseShared(field: Field): Field {
  if (field.shared) {
    field.fail('is used in several places (by an anchor and an alias): write it out in each of them');
  }
  return field;
}

/** The pair of a key that is written in this map; merge keys do not count. */
export function pairOf(map: Field, key: string): Pair | undefined {
  if (!isMap(map.raw)) return undefined;
  return map.raw.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** The YAML node of a map or list. */
export function collection(field: Field): YAMLMap | YAMLSeq {
  return field.raw as YAMLMap | YAMLSeq;
}

/** Adds the version header to one backend of a route, and removes it. */
import { isMap, isScalar } from 'yaml';
import { VERSION_HEADER } from '../plan/labels/instrument-headers.js';
import type { Field } from '../plan/manifests/fields.js';
import { editable, editableItem, refuseShared, requireEditable } from './editable-field.js';
import type { InstrumentedBackend } from './route-backends.js';
import type { Edit } from './text-edits.js';
import { appendItem, insertPair } from './yaml-insert.js';
import { isPadded, removePart } from './yaml-remove.js';

/** The Gateway API's maximum of filters on a backendRef, and of headers that one filter sets. */
const MAX_ITEMS = 16;
const FILTER = 'ResponseHeaderModifier';
const MODIFIER = 'responseHeaderModifier';

/** The edit that adds the header to a backend that does not have it. */
export function addVersionHeader(text: string, backend: InstrumentedBackend): Edit {
  return backend.style === 'filters' ? addFilter(text, backend) : addHeaders(text, backend);
}

/**
 * The edit that removes the header from a backend that has it, and the maps and lists that contain nothing else.
 */
export function removeVersionHeader(text: string, { place, style }: InstrumentedBackend): Edit {
  const chain = style === 'filters' ? filterChain(place) : headersChain(place);
  if (chain === null) return place.fail('its version header was not found at the expected place');
  let level = chain.length - 1;
  while (level > 0 && isOnlyHolder(text, chain[level] as Link)) level -= 1;
  const { holder, index } = chain[level] as Link;
  return removePart(text, holder, index);
}

/**
 * For a backendRef: adds a filter, or a header to the existing filter (the Gateway API allows one of each type).
 */
function addFilter(text: string, { place, name, indentless }: InstrumentedBackend): Edit {
  const header = { name: VERSION_HEADER, value: name };
  const filter = { type: FILTER, [MODIFIER]: { set: [header] } };
  const filters = editable(place, 'filters');
  if (filters === null) return insertPair(text, place, { filters: [filter] }, indentless);
  const existing = filters.items().find(isModifier);
  if (existing === undefined) return appendItem(text, bounded(filters), filter, indentless);
  const modifier = requireEditable(refuseShared(existing), MODIFIER);
  const set = editable(modifier, 'set');
  if (set === null) return insertPair(text, modifier, { set: [header] }, indentless);
  return appendItem(text, bounded(set), header, indentless);
}

/** For a destination of a VirtualService. */
function addHeaders(text: string, { place, name, indentless }: InstrumentedBackend): Edit {
  const set = { [VERSION_HEADER]: name };
  const headers = editable(place, 'headers');
  if (headers === null) return insertPair(text, place, { headers: { response: { set } } }, indentless);
  const response = editable(headers, 'response');
  if (response === null) return insertPair(text, headers, { response: { set } }, indentless);
  const existing = editable(response, 'set');
  if (existing === null) return insertPair(text, response, { set }, indentless);
  return insertPair(text, existing, set, indentless);
}

function bounded(list: Field): Field {
  const { length } = list.items();
  if (length >= MAX_ITEMS) list.fail(`has ${length} items already, and the Gateway API allows ${MAX_ITEMS}`);
  return list;
}

/** A step from a backend to the header: a map or list, and the index of the part that contains the header. */
interface Link {
  readonly holder: Field;
  readonly index: number;
}

function filterChain(place: Field): readonly Link[] | null {
  const filters = editable(place, 'filters');
  if (filters === null) return null;
  for (const [index, filter] of filters.items().entries()) {
    if (!isModifier(filter)) continue;
    const at = filter
      .get(MODIFIER)
      .get('set')
      .items()
      .findIndex((item) => isVersionHeader(item.get('name').text()));
    if (at < 0) continue;
    const item = editableItem(filters, index);
    const modifier = requireEditable(item, MODIFIER);
    const set = requireEditable(modifier, 'set');
    return [
      linkTo(place, 'filters'),
      { holder: filters, index },
      linkTo(item, MODIFIER),
      linkTo(modifier, 'set'),
      { holder: set, index: at },
    ];
  }
  return null;
}

function headersChain(place: Field): readonly Link[] | null {
  const entries = place.get('headers').get('response').get('set').entries();
  const key = entries.map(([name]) => name).find(isVersionHeader);
  if (key === undefined) return null;
  const headers = requireEditable(place, 'headers');
  const response = requireEditable(headers, 'response');
  const set = requireEditable(response, 'set');
  requireEditable(set, key);
  return [linkTo(place, 'headers'), linkTo(headers, 'response'), linkTo(response, 'set'), linkTo(set, key)];
}

function isModifier(filter: Field): boolean {
  return filter.get('type').text() === FILTER;
}

function isVersionHeader(name: string | null): boolean {
  return name?.toLowerCase() === VERSION_HEADER;
}

function linkTo(holder: Field, key: string): Link {
  return { holder, index: keysOf(holder).indexOf(key) };
}

/** The keys of a map in the order of the text, merge keys included. */
function keysOf(holder: Field): string[] {
  const { raw } = holder;
  return isMap(raw) ? raw.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')) : [];
}

/** Whether the holder contains nothing else and was added for the header, so that it is removed too. */
function isOnlyHolder(text: string, { holder }: Link): boolean {
  const others = holder.isMap
    ? keysOf(holder).filter((key) => key !== 'type').length > 1
    : holder.items().length > 1;
  return !others && !isPadded(text, holder);
}

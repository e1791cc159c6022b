/** Removes a pair from a map, or an item from a list, of a YAML text. Undoes what yaml-insert.ts does. */
import { isPair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Field } from '../plan/manifests/fields.js';
import { collection } from './editable-field.js';
import { type Edit, lineEnd, lineEndAt, lineStart, previousLineEnd } from './text-edits.js';
import { PADDING } from './yaml-insert.js';
import {
  blockPartEnd,
  dashStart,
  flowPartEnd,
  isFirstInLine,
  type Part,
  partStart,
  partsOf,
} from './yaml-positions.js';

/** @param index of the pair or item. It may be the only one only if `isPadded` is true. */
export function removePart(text: string, from: Field, index: number): Edit {
  const node = collection(from);
  const range = node.flow === true ? inFlow(text, node, index) : inBlock(text, from, node, index);
  return { ...range, text: '', where: from };
}

/** Whether the collection has one part, which was inserted into empty brackets. */
export function isPadded(text: string, from: Field): boolean {
  const node = collection(from);
  const [part, another] = partsOf(node);
  if (node.flow !== true || part === undefined || another !== undefined) return false;
  const open = (node.range?.[0] ?? 0) + 1;
  const end = flowPartEnd(part);
  return partStart(part) === open + PADDING.length && isSpace(text, open) && isSpace(text, end);
}

function isSpace(text: string, at: number): boolean {
  return text.slice(at, at + PADDING.length) === PADDING;
}

type Range = Pick<Edit, 'start' | 'end'>;

function inBlock(text: string, from: Field, node: YAMLMap | YAMLSeq, index: number): Range {
  const parts = partsOf(node);
  const part = parts[index] as Part;
  const begin = isPair(part) ? partStart(part) : dashStart(text, part);
  const end = blockPartEnd(text, part);
  if (begin !== null && isFirstInLine(text, begin)) {
    const start = previousLineEnd(text, begin);
    // The first line has no line break before it: remove the one after it.
    const first = lineStart(text, begin) === 0;
    return first ? { start: 0, end: end + lineEndAt(text, end).length } : { start, end };
  }
  const next = parts[index + 1];
  if (begin === null || next === undefined) {
    return from.fail('cannot be removed from its line: put each part of it on a line of its own');
  }
  // The next pair moves up to the dash: kubectl begins an item with `- filters: …`.
  return { start: begin, end: partStart(next) };
}

function inFlow(text: string, node: YAMLMap | YAMLSeq, index: number): Range {
  const parts = partsOf(node);
  const part = parts[index] as Part;
  const end = flowPartEnd(part);
  const before = parts[index - 1];
  if (before !== undefined) return { start: flowPartEnd(before), end };
  const next = parts[index + 1];
  if (next === undefined) return { start: partStart(part) - PADDING.length, end: end + PADDING.length };
  const begin = partStart(part);
  const rest = lineEnd(text, end);
  if (isFirstInLine(text, begin) && text.slice(end, rest) === ',' && rest < text.length) {
    return { start: lineStart(text, begin), end: rest + lineEndAt(text, rest).length };
  }
  return { start: begin, end: partStart(next) };
}

/** Positions of the parts of YAML nodes in their text. */
import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { lineEnd, lineStart } from './text-edits.js';

/** A pair of a map or an item of a list. */
export type Part = Pair | Node;

export function partsOf(collection: YAMLMap | YAMLSeq): readonly Part[] {
  return collection.items as Part[];
}

/** The start of a part: of the key of a pair, or of an item, after its dash. */
export function partStart(part: Part): number {
  return startOf(isPair(part) ? (part.key as Node) : part);
}

/** The end of a part of a flow collection. */
export function flowPartEnd(part: Part): number {
  if (!isPair(part)) return endOf(part);
  return endOf((part.value ?? part.key) as Node);
}

/** The end of the last line of a part of a block collection, before its line break. */
export function blockPartEnd(text: string, part: Part): number {
  const leaf = lastLeaf(part);
  const end = endOf(leaf);
  const isBlockText =
    isScalar(leaf) && (leaf.type === Scalar.BLOCK_LITERAL || leaf.type === Scalar.BLOCK_FOLDED);
  // A block scalar ends at the start of the next line.
  const inside = isBlockText && text[end - 1] === '\n' ? end - 1 : end;
  return inside === end
    ? lineEnd(text, end)
    : lineEnd(text, Math.max(0, inside - (text[inside - 1] === '\r' ? 1 : 0)));
}

/** Whether only white space precedes the offset in its line. */
export function isFirstInLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The position of the dash of a list's item; null if more than white space precedes it in its line. */
export function dashStart(text: string, item: Node): number | null {
  const start = lineStart(text, startOf(item));
  const [, before] = /^(\s*)-\s+$/.exec(text.slice(start, startOf(item))) ?? [];
  return before === undefined ? null : start + before.length;
}

/** Whether the items of this list are indented no further than the key above them, as kubectl prints. */
export function isIndentless(text: string, key: Node, list: YAMLSeq): boolean {
  const column = (offset: number) => offset - lineStart(text, offset);
  return list.flow !== true && column(startOf(list)) === column(startOf(key));
}

function lastLeaf(part: Part): Node {
  if (isPair(part)) return part.value === null ? (part.key as Node) : lastLeaf(part.value as Node);
  if ((isMap(part) || isSeq(part)) && part.flow !== true) {
    const last = (part.items as Part[]).at(-1);
    if (last !== undefined) return lastLeaf(last);
  }
  return part;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function endOf(node: Node): number {
  return node.range?.[1] ?? 0;
}

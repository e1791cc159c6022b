/** Inserts a pair into a map, or an item into a list, of a YAML text, in the style of that map or list. */
import { isPair, isScalar, Scalar, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Field } from '../plan/manifests/fields.js';
import { collection } from './editable-field.js';
import { type Edit, lineEndAt, lineStart } from './text-edits.js';
import { blockPartEnd, dashStart, flowPartEnd, isFirstInLine, partStart, partsOf } from './yaml-positions.js';

/**
 * Put around what is inserted into an empty `[]` or `{}`, so that `--undo` knows that the brackets were there
 * before.
 */
export const PADDING = '  ';

/** What is inserted: a pair as a map with one key, an item as a list with one item. */
type Value = Readonly<Record<string, unknown>> | readonly [unknown];

/** @param indentless whether inserted list items are indented no further than the key above them */
export function insertPair(
  text: string,
  map: Field,
  pair: Readonly<Record<string, unknown>>,
  indentless: boolean,
): Edit {
  return insert(text, map, pair, indentless);
}

export function appendItem(text: string, list: Field, item: unknown, indentless: boolean): Edit {
  return insert(text, list, [item], indentless);
}

function insert(text: string, into: Field, value: Value, indentless: boolean): Edit {
  const node = collection(into);
  return node.flow === true
    ? intoFlow(text, into, node, value)
    : intoBlock(text, into, node, value, indentless);
}

/** Inserts lines after the last line of the last part. */
function intoBlock(
  text: string,
  where: Field,
  node: YAMLMap | YAMLSeq,
  value: Value,
  indentless: boolean,
): Edit {
  const parts = partsOf(node);
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return where.fail('is empty');
  const begin = isPair(first) ? partStart(first) : dashStart(text, first);
  if (begin === null) return where.fail('begins in the middle of a line: put it on a line of its own');
  const indent = ' '.repeat(begin - lineStart(text, begin));
  const at = blockPartEnd(text, last);
  const lines = stringify(value, { ...STYLE, indentSeq: !indentless })
    .trimEnd()
    .split('\n');
  const newLine = lineEndAt(text, at);
  return { start: at, end: at, text: lines.map((line) => newLine + indent + line).join(''), where };
}

/**
 * Inserts a line before the first part if that begins a line, so that no other line changes; else after the last
 * part.
 */
function intoFlow(text: string, where: Field, node: YAMLMap | YAMLSeq, value: Value): Edit {
  const parts = partsOf(node);
  const [first] = parts;
  const last = parts.at(-1);
  const style = {
    ...STYLE,
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    ...(isJson(text, node)
      ? ({ defaultKeyType: 'QUOTE_DOUBLE', defaultStringType: 'QUOTE_DOUBLE' } as const)
      : {}),
  } as const;
  // What is between the brackets.
  const inner = stringify(value, style).trim().slice(1, -1);
  if (first === undefined || last === undefined) {
    const at = (node.range?.[0] ?? 0) + 1;
    return { start: at, end: at, text: PADDING + inner + PADDING, where };
  }
  const begin = partStart(first);
  if (isFirstInLine(text, begin)) {
    const at = lineStart(text, begin);
    const line = `${text.slice(at, begin)}${inner},${lineEndAt(text, begin)}`;
    return { start: at, end: at, text: line, where };
  }
  const at = flowPartEnd(last);
  return { start: at, end: at, text: `, ${inner}`, where };
}

/**
 * kubectl reads YAML 1.1, where `on` is a boolean: texts that YAML 1.1 or 1.2 would read as something else are
 * quoted.
 */
const STYLE = { lineWidth: 0, compat: 'yaml-1.1' } as const;

/**
 * Whether keys are in double quotes: those of this map, or of the first map in this list, or else of the whole
 * text.
 */
function isJson(text: string, node: YAMLMap | YAMLSeq): boolean {
  for (const part of partsOf(node)) {
    if (isPair(part)) return isScalar(part.key) && part.key.type === Scalar.QUOTE_DOUBLE;
    const [inner] = 'items' in part ? partsOf(part as YAMLMap | YAMLSeq) : [];
    if (inner !== undefined && isPair(inner)) return isJson(text, part as YAMLMap);
  }
  return text.trimStart().startsWith('{');
}

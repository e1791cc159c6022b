/** Puts a pair into a map or an item into a list of a text, in the style that is there. */
import { isPair, isScalar, Scalar, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Field } from '../plan/manifests/fields.js';
import { collection } from './editable-field.js';
import { type Edit, lineEndAt, lineStart } from './text-edits.js';
import { blockPartEnd, dashStart, flowPartEnd, isFirstInLine, partStart, partsOf } from './yaml-positions.js';

/** Around what is put into an empty `[]` or `{}`: by it `--undo` knows that the brackets were there. */
export const PADDING = '  ';

/** What goes in: an item as it is, a pair as a map of one key. */
type Value = Readonly<Record<string, unknown>> | readonly [unknown];

/** @param indentless list items stand as far left as the key above them */
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

/** Lines after the last one of the last part. */
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
  if (begin === null) return where.fail('begins in the middle of a line: give it a line of its own');
  const indent = ' '.repeat(begin - lineStart(text, begin));
  const at = blockPartEnd(text, last);
  const lines = stringify(value, { ...STYLE, indentSeq: !indentless })
    .trimEnd()
    .split('\n');
  const newLine = lineEndAt(text, at);
  return { start: at, end: at, text: lines.map((line) => newLine + indent + line).join(''), where };
}

/** A line before the first part where that has a line of its own, so that no line changes; else after the last. */
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
  // Without the brackets: what stands between them.
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

/** kubectl reads YAML 1.1, where `on` is no text: what either version would misread is put in quotes. */
const STYLE = { lineWidth: 0, compat: 'yaml-1.1' } as const;

/** Whether keys are in double quotes: of this map, or, for a list, of the first map in it, or else the text's first. */
function isJson(text: string, node: YAMLMap | YAMLSeq): boolean {
  for (const part of partsOf(node)) {
    if (isPair(part)) return isScalar(part.key) && part.key.type === Scalar.QUOTE_DOUBLE;
    const [inner] = 'items' in part ? partsOf(part as YAMLMap | YAMLSeq) : [];
    if (inner !== undefined && isPair(inner)) return isJson(text, part as YAMLMap);
  }
  return text.trimStart().startsWith('{');
}

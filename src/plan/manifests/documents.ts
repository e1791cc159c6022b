/** From text to resources: YAML or JSON, several documents, lists. */
import { Composer, type Document, LineCounter, Parser } from 'yaml';
import { UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { type Field, rootOf } from './fields.js';
import { documentStarts } from './json-stream.js';
import type { SourceText } from './sources.js';
import { YamlSource } from './yaml-source.js';

/** A map with apiVersion and kind. */
export interface RawResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly field: Field;
}

/**
 * The resources of one text, in order; the items of lists (`kind: List`, `HTTPRouteList`) one by one.
 *
 * @throws UserError for YAML errors (with their line), for documents that are no resources, and when
 * a text that the user named holds nothing
 */
export function* resourcesIn({ name, text, named }: SourceText): Generator<RawResource> {
  let found = 0;
  let emptyList = false;
  for (const source of documentsIn(name, text)) {
    const root = rootOf(source);
    if (!root.present) continue;
    if (!root.isMap) root.fail('is not a Kubernetes resource (a map with apiVersion and kind)');
    const before = found;
    for (const resource of unrolled(root)) {
      found += 1;
      yield resource;
    }
    emptyList ||= found === before;
  }
  if (found > 0 || !named) return;
  if (emptyList) throw new UserError(`${name}: the list has no items; did kubectl find nothing?`);
  throw new UserError(`${name}: there is no manifest in it (it is empty)`);
}

/**
 * The YAML in a text value, such as a file in a ConfigMap. Errors name the line in the manifest, if the text is a block (`|`).
 *
 * @param owner what errors call it
 * @returns null if there is none in it
 */
export function yamlIn(value: Field, owner: string): Field | null {
  const { file, document, line } = value.sourceRef;
  for (const source of documentsIn(file, value.text() ?? '', { document: document - 1, line })) {
    return rootOf(source).asResource(owner);
  }
  return null;
}

/** @param before documents and lines of the file that come before the text */
function* documentsIn(file: string, text: string, before = { document: 0, line: 0 }): Generator<YamlSource> {
  const lines = new LineCounter();
  let number = before.document;
  for (const doc of composed(text, lines)) {
    number += 1;
    const [error] = doc.errors;
    if (error !== undefined) {
      const { line } = lines.linePos(error.pos[0]);
      throw new UserError(
        `${file}: document ${number}, line ${before.line + Math.max(1, line)}: ${yamlProblem(error.message, text)}`,
      );
    }
    yield new YamlSource(file, number, doc, lines, before.line);
  }
}

/** The documents, with positions in the whole text. */
function* composed(text: string, lines: LineCounter): Generator<Document> {
  const starts = documentStarts(text);
  for (const [index, start] of starts.entries()) {
    // uniqueKeys would compare every key with every other: fields.ts finds duplicates as it reads.
    const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
    const parser = new Parser(lines.addNewLine);
    parser.offset = start;
    yield* composer.compose(parser.parse(text.slice(start, starts[index + 1])));
  }
}

function yamlProblem(message: string, text: string): string {
  if (isHelmTemplate(text)) return TEMPLATE;
  if (message.includes('call stack')) return 'YAML error: nested too deeply';
  return `YAML error: ${printable(message.split('\n')[0] ?? '', 200)}`;
}

const TEMPLATE =
  'this is a template of Helm, not a manifest: render it first (helm template RELEASE CHART > manifests.yaml)';

/** Whether there is code of a Helm template in a text. Other braces may stand in a manifest, such as those of alerts. */
function isHelmTemplate(text: string): boolean {
  return /\{\{(?:[^{}]*\.(?:Values|Release|Chart|Capabilities)\b|-?\s*include ")/.test(text);
}

/**
 * Does what reads a text's resources.
 *
 * @throws UserError as `read` does; if the text is a template, one that says so
 */
export function readingText<T>({ name, text }: SourceText, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError) || !isHelmTemplate(text) || error.message.includes(TEMPLATE))
      throw error;
    throw new UserError(`${name}: ${TEMPLATE}`, 'usage', { cause: error });
  }
}

function* unrolled(root: Field): Generator<RawResource> {
  const kind = root.get('kind').requiredText();
  const apiVersion = root.get('apiVersion').requiredText();
  if (!kind.endsWith('List') || !root.get('items').present) {
    yield { apiVersion, kind, field: root };
    return;
  }
  const itemKind = kind.slice(0, -'List'.length);
  for (const item of root.get('items').items()) {
    if (!item.isMap) item.fail('is not a Kubernetes resource (a map with apiVersion and kind)');
    // Items of a typed list as the API server sends it have neither kind nor apiVersion.
    const typed = item.get('kind').present || itemKind === '';
    yield {
      kind: typed ? item.get('kind').requiredText() : itemKind,
      apiVersion: typed ? item.get('apiVersion').requiredText() : apiVersion,
      field: item,
    };
  }
}

/**
 * A reader over one YAML document that knows where it is: every error names file, document, line, resource
 * and field. Aliases and merge keys (`<<`) are followed, null is as absent, and the number of nodes read is
 * bounded, so that aliases of aliases cannot take for ever.
 */
import type { Document, LineCounter, Node, Pair } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, visit } from 'yaml';
import { UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import type { SourceRef } from './model.js';

/** Nodes read in one document; some thousand routes need about a hundred thousand. */
const MAX_NODES = 1_000_000;
/** Depth of what `plainMap` copies and of merge keys that merge maps with merge keys. */
const MAX_DEPTH = 50;

/** One document of one file. */
export class YamlSource {
  #nodesRead = 0;
  #aliases: Map<Node, Node> | null = null;

  constructor(
    readonly file: string,
    /** 1-based. */
    readonly document: number,
    private readonly doc: Document,
    private readonly lines: LineCounter,
  ) {}

  /** The document's root; `at` is where errors point when it is empty. */
  root(at = 0): Field {
    return new Field(this, '', this.doc.contents as Node | null, at, null);
  }

  lineAt(offset: number): number {
    return Math.max(1, this.lines.linePos(offset).line);
  }

  /** Counts nodes read. Throws UserError when there are too many. */
  count(nodes: number): void {
    this.#nodesRead += nodes;
    if (this.#nodesRead <= MAX_NODES) return;
    throw new UserError(
      `${this.file}: document ${this.document}: more than ${MAX_NODES} values to read; are there aliases of aliases?`,
    );
  }

  /** The node that an alias stands for: the latest anchor of that name before it. */
  resolve(alias: Node): Node | null {
    if (this.#aliases === null) {
      const aliases = new Map<Node, Node>();
      const anchors = new Map<string, Node>();
      visit(this.doc, {
        Alias(_, node) {
          const target = anchors.get(node.source);
          if (target !== undefined) aliases.set(node, target);
        },
        Value(_, node) {
          if (node.anchor !== undefined) anchors.set(node.anchor, node);
        },
      });
      this.#aliases = aliases;
    }
    return this.#aliases.get(alias) ?? null;
  }

  /** Whether any alias of the document stands for this node. */
  isAliased(node: Node): boolean {
    this.resolve(node);
    return [...(this.#aliases?.values() ?? [])].includes(node);
  }
}

/** A value in a document, there or not. */
export class Field {
  readonly #raw: Node | null;
  readonly #node: Node | null;
  readonly #at: number;
  #pairs: Map<string, Pair> | null = null;

  /**
   * @param path where in its resource, e.g. `spec.rules[0].backendRefs[1].weight`; empty for the root
   * @param at offset to name in errors when there is no node
   * @param owner the resource it belongs to, `HTTPRoute istio-test/backend-route`, once known
   */
  constructor(
    private readonly source: YamlSource,
    readonly path: string,
    node: Node | null,
    at: number,
    private readonly owner: string | null,
  ) {
    this.#raw = node;
    this.#at = node?.range?.[0] ?? at;
    const target = isAlias(node) ? source.resolve(node) : node;
    if (isAlias(node) && target === null) this.fail(`the alias *${printable(node.source, 40)} has no anchor`);
    this.#node = isScalar(target) && target.value === null ? null : target;
  }

  get present(): boolean {
    return this.#node !== null;
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  /** The node as it stands in the text, with its offsets there; an alias is not followed. */
  get raw(): Node | null {
    return this.#raw;
  }

  /** Whether the text gives this value in more than one place: it is an alias, or one stands for it. */
  get shared(): boolean {
    return isAlias(this.#raw) || (this.#raw?.anchor !== undefined && this.source.isAliased(this.#raw));
  }

  get line(): number {
    return this.source.lineAt(this.#at);
  }

  get sourceRef(): SourceRef {
    return { file: this.source.file, document: this.source.document, line: this.line };
  }

  /** The same value as the root of a resource: paths begin here and errors name `owner`. */
  asResource(owner: string): Field {
    return new Field(this.source, '', this.#node, this.#at, owner);
  }

  /** `route.yaml: document 2, line 14: HTTPRoute istio-test/backend-route` */
  get place(): string {
    const owner = this.owner === null ? '' : `: ${this.owner}`;
    return `${this.source.file}: document ${this.source.document}, line ${this.line}${owner}`;
  }

  /** Throws the UserError `place: field: problem`. */
  fail(problem: string): never {
    throw new UserError(`${this.place}: ${this.path === '' ? '' : `${this.path}: `}${problem}`);
  }

  /** A map's value. Absent when this is absent. Throws UserError when this is something else than a map. */
  get(key: string): Field {
    const pair = this.#index().get(key);
    return this.#child(key, pair);
  }

  /** A map's keys and values, in order. */
  entries(): [key: string, value: Field][] {
    return [...this.#index()].map(([key, pair]) => [key, this.#child(key, pair)]);
  }

  /** A list's items; none when absent. */
  items(): Field[] {
    if (this.#node === null) return [];
    if (!isSeq(this.#node)) this.fail(`${this.#shown()} is not a list`);
    this.source.count(this.#node.items.length);
    return this.#node.items.map(
      (item, index) =>
        new Field(this.source, `${this.path}[${index}]`, item as Node | null, this.#at, this.owner),
    );
  }

  /** Text, or null when absent. A number or boolean is an error, as it is for Kubernetes. */
  text(): string | null {
    if (this.#node === null) return null;
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (typeof value === 'string') return value;
    const hint = value === undefined ? '' : ' (put it in quotes)';
    return this.fail(`${this.#shown()} is not text${hint}`);
  }

  /** Text that must be there and not be empty. */
  requiredText(): string {
    const text = this.text();
    if (text === null || text === '') this.fail('is missing');
    return text;
  }

  /** One of these words; the first when absent. */
  oneOf<const Word extends string>(...words: readonly [Word, ...Word[]]): Word {
    const text = this.text();
    if (text === null) return words[0];
    return (
      words.find((word) => word === text) ?? this.fail(`${this.#shown()} is none of ${words.join(', ')}`)
    );
  }

  /** A whole number from `min` to `max`, or null when absent. */
  whole(min: number, max: number): number | null {
    if (this.#node === null) return null;
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.fail(`${this.#shown()} is not a whole number from ${min} to ${max}`);
  }

  /** A number from `min` to `max`, or null when absent. */
  number(min: number, max: number): number | null {
    if (this.#node === null) return null;
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (typeof value === 'number' && value >= min && value <= max) return value;
    return this.fail(`${this.#shown()} is not a number from ${min} to ${max}`);
  }

  /** A scalar of any type as Kubernetes' IntOrString, or null when absent. */
  textOrWhole(): string | number | null {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    return typeof value === 'number' ? this.whole(0, 2 ** 31 - 1) : this.text();
  }

  /** A map as plain data, or null when absent. Keys that would touch a prototype are left out. */
  plainMap(): Record<string, unknown> | null {
    if (this.#node === null) return null;
    this.#index();
    return this.#plain(0) as Record<string, unknown>;
  }

  #plain(depth: number): unknown {
    if (depth > MAX_DEPTH) this.fail(`nested more than ${MAX_DEPTH} deep`);
    if (this.#node === null) return null;
    if (isSeq(this.#node)) return this.items().map((item) => item.#plain(depth + 1));
    if (isScalar(this.#node)) {
      const { value } = this.#node;
      return typeof value === 'object' || typeof value === 'bigint' ? String(value) : value;
    }
    const plain: Record<string, unknown> = {};
    for (const [key, value] of this.entries()) {
      if (key !== '__proto__' && value.present) plain[key] = value.#plain(depth + 1);
    }
    return plain;
  }

  #child(key: string, pair: Pair | undefined): Field {
    const step = /^[\w-]+$/.test(key) ? `${this.path === '' ? '' : '.'}${key}` : `["${printable(key, 60)}"]`;
    const at = (pair?.key as Node | undefined)?.range?.[0] ?? this.#at;
    return new Field(this.source, this.path + step, (pair?.value as Node | null) ?? null, at, this.owner);
  }

  /** The map's pairs by key. Throws UserError for duplicate keys and for what is no map. */
  #index(mergeDepth = 0): Map<string, Pair> {
    if (this.#pairs !== null) return this.#pairs;
    const pairs = new Map<string, Pair>();
    this.#pairs = pairs;
    if (this.#node === null) return pairs;
    if (!isMap(this.#node)) this.fail(`${this.#shown()} is not a map`);
    this.source.count(this.#node.items.length);
    for (const pair of this.#node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : this.fail('a key is not text');
      if (pairs.has(key)) this.#child(key, pair).fail('is there twice');
      pairs.set(key, pair);
    }
    const merged = pairs.get('<<');
    if (merged !== undefined) this.#merge(pairs, merged, mergeDepth);
    return pairs;
  }

  #merge(pairs: Map<string, Pair>, merged: Pair, depth: number): void {
    pairs.delete('<<');
    const field = this.#child('<<', merged);
    if (depth > MAX_DEPTH) field.fail(`merges more than ${MAX_DEPTH} deep`);
    for (const map of isSeq(field.#node) ? field.items() : [field]) {
      for (const [key, pair] of map.#index(depth + 1)) if (!pairs.has(key)) pairs.set(key, pair);
    }
  }

  #shown(): string {
    if (isMap(this.#node)) return 'a map';
    if (isSeq(this.#node)) return 'a list';
    const value = isScalar(this.#node) ? this.#node.value : null;
    return typeof value === 'string' ? `"${printable(value, 60)}"` : printable(String(value), 60);
  }
}

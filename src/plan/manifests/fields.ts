/**
 * A reader over one YAML document that knows where it is: every error names file, document, line, resource
 * and field. Aliases and merge keys (`<<`) are followed, null is as absent, and the number of nodes read is
 * bounded, so that aliases of aliases cannot take too long.
 */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import type { SourceRef, YamlSource } from './yaml-source.js';

/** Depth of what `plainMap` copies and of merge keys that merge maps with merge keys. */
const MAX_DEPTH = 50;

/** A value in a document, present or absent. */
export class Field {
  /** Where in its resource, e.g. `spec.rules[0].backendRefs[1].weight`; empty for the root. */
  readonly path: string;
  readonly #source: YamlSource;
  readonly #owner: string | null;
  readonly #raw: Node | null;
  readonly #node: Node | null;
  readonly #at: number;
  #pairs: Map<string, Pair> | null = null;
  /** Fields that were asked for, so that each node is counted once however often it is read. */
  readonly #children = new Map<string, Field>();
  #items: readonly Field[] | null = null;

  /**
   * @param at offset to name in errors when there is no node
   * @param owner the resource it belongs to, `HTTPRoute istio-test/backend-route`, once known
   */
  constructor(source: YamlSource, path: string, node: Node | null, at: number, owner: string | null) {
    this.#source = source;
    this.path = path;
    this.#owner = owner;
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

  get isText(): boolean {
    return typeof this.#scalar() === 'string';
  }

  /** The node as written, with its offsets in the text; an alias is not followed. */
  get raw(): Node | null {
    return this.#raw;
  }

  /** Whether the value is used in more than one place: it is an alias, or an alias refers to it. */
  get shared(): boolean {
    return isAlias(this.#raw) || (this.#raw?.anchor !== undefined && this.#source.isAliased(this.#raw));
  }

  get line(): number {
    return this.#source.lineAt(this.#at);
  }

  get sourceRef(): SourceRef {
    return { file: this.#source.file, document: this.#source.document, line: this.line };
  }

  /** The same value as the root of a resource: paths begin here and errors name `owner`. */
  asResource(owner: string): Field {
    return new Field(this.#source, '', this.#node, this.#at, owner);
  }

  /** `route.yaml: document 2, line 14: HTTPRoute istio-test/backend-route` */
  get place(): string {
    const owner = this.#owner === null ? '' : `: ${this.#owner}`;
    return `${this.#source.file}: document ${this.#source.document}, line ${this.line}${owner}`;
  }

  /** `HTTPRoute istio-test/backend-route: spec.rules[0].name` */
  get where(): string {
    return `${this.#owner === null ? '' : `${this.#owner}: `}${this.path}`;
  }

  /** The value as errors show it: a scalar as written, in quotes if it is text; else what it is. */
  get shown(): string {
    if (isMap(this.#node)) return 'a map';
    if (isSeq(this.#node)) return 'a list';
    const value = this.#scalar();
    return typeof value === 'string' ? `"${printable(value, 60)}"` : printable(String(value), 60);
  }

  /** Throws the UserError `place: field: problem`. */
  fail(problem: string): never {
    throw new UserError(`${this.place}: ${this.path === '' ? '' : `${this.path}: `}${problem}`);
  }

  /** A map's value. Absent when this is absent. Throws UserError when this is something else than a map. */
  get(key: string): Field {
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const child = this.#child(key, this.#index().get(key));
    this.#children.set(key, child);
    return child;
  }

  /** A map's keys and values, in order. */
  entries(): [key: string, value: Field][] {
    return [...this.#index().keys()].map((key) => [key, this.get(key)]);
  }

  /** A list's items; none when absent. */
  items(): readonly Field[] {
    if (this.#node === null) return [];
    if (this.#items !== null) return this.#items;
    if (!isSeq(this.#node)) this.fail(`${this.shown} is not a list`);
    this.#source.count(this.#node.items.length);
    this.#items = this.#node.items.map(
      (item, index) =>
        new Field(this.#source, `${this.path}[${index}]`, item as Node | null, this.#at, this.#owner),
    );
    return this.#items;
  }

  /** Text, or null when absent. A number or boolean is an error, as it is for Kubernetes. */
  text(): string | null {
    const value = this.#scalar();
    if (value === null || typeof value === 'string') return value;
    const hint = value === undefined ? '' : ' (put it in quotes)';
    return this.fail(`${this.shown} is not text${hint}`);
  }

  /** true or false, or null when absent. */
  boolean(): boolean | null {
    const value = this.#scalar();
    if (value === null || typeof value === 'boolean') return value;
    return this.fail(`${this.shown} is not true or false`);
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
      words.find((word) => word === text) ?? this.fail(`${this.shown} is not one of ${words.join(', ')}`)
    );
  }

  /** A whole number from `min` to `max`, or null when absent. */
  whole(min: number, max: number): number | null {
    const value = this.#scalar();
    if (value === null) return null;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.fail(`${this.shown} is not a whole number from ${min} to ${max}`);
  }

  /** A number from `min` to `max`, or null when absent. */
  number(min: number, max: number): number | null {
    const value = this.#scalar();
    if (value === null) return null;
    if (typeof value === 'number' && value >= min && value <= max) return value;
    return this.fail(`${this.shown} is not a number from ${min} to ${max}`);
  }

  /** A scalar of any type as Kubernetes' IntOrString, or null when absent. */
  textOrWhole(): string | number | null {
    return typeof this.#scalar() === 'number' ? this.whole(0, 2 ** 31 - 1) : this.text();
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
    return new Field(this.#source, this.path + step, (pair?.value as Node | null) ?? null, at, this.#owner);
  }

  /** The map's pairs by key. Throws UserError for duplicate keys and for what is no map. */
  #index(mergeDepth = 0): Map<string, Pair> {
    if (this.#pairs !== null) return this.#pairs;
    const pairs = new Map<string, Pair>();
    this.#pairs = pairs;
    if (this.#node === null) return pairs;
    if (!isMap(this.#node)) this.fail(`${this.shown} is not a map`);
    this.#source.count(this.#node.items.length);
    for (const pair of this.#node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : this.fail('a key is not text');
      if (pairs.has(key)) this.#child(key, pair).fail('is given twice');
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

  /** The value of a scalar, null when absent, undefined for maps and lists. */
  #scalar(): unknown {
    if (this.#node === null) return null;
    return isScalar(this.#node) ? this.#node.value : undefined;
  }
}

/** The root of a document, which errors place at offset 0 when it is empty. */
export function rootOf(source: YamlSource): Field {
  return new Field(source, '', source.root, 0, null);
}

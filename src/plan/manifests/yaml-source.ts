/** One YAML document with its text positions: the line of an offset, the node of an alias. */
import { type Document, type LineCounter, type Node, visit } from 'yaml';
import { UserError } from '../../errors.js';

/** Nodes read in one document; some thousand routes need about a hundred thousand. */
const MAX_NODES = 1_000_000;

/** Where something was read: `file: document 2, line 14: HTTPRoute istio-test/backend-route`. */
export interface SourceRef {
  /** File name, or `standard input`. */
  readonly file: string;
  /** 1-based document in the file. */
  readonly document: number;
  /** 1-based line of the resource's first line. */
  readonly line: number;
}

/** One document of one file. */
export class YamlSource {
  readonly file: string;
  /** 1-based. */
  readonly document: number;
  readonly #doc: Document;
  readonly #lines: LineCounter;
  readonly #linesBefore: number;
  #nodesRead = 0;
  #aliases: Map<Node, Node> | null = null;

  /** @param linesBefore lines of the file before those that `lines` counts */
  constructor(file: string, document: number, doc: Document, lines: LineCounter, linesBefore = 0) {
    this.file = file;
    this.document = document;
    this.#doc = doc;
    this.#lines = lines;
    this.#linesBefore = linesBefore;
  }

  get root(): Node | null {
    return this.#doc.contents as Node | null;
  }

  /** 1-based. */
  lineAt(offset: number): number {
    return this.#linesBefore + Math.max(1, this.#lines.linePos(offset).line);
  }

  /** Counts nodes read. Throws UserError when there are too many. */
  count(nodes: number): void {
    this.#nodesRead += nodes;
    if (this.#nodesRead <= MAX_NODES) return;
    throw new UserError(
      `${this.file}: document ${this.document}: more than ${MAX_NODES} values to read; are there aliases of aliases?`,
    );
  }

  /** The node that an alias refers to: the latest anchor of that name before it. */
  resolve(alias: Node): Node | null {
    if (this.#aliases === null) {
      const aliases = new Map<Node, Node>();
      const anchors = new Map<string, Node>();
      visit(this.#doc, {
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

  /** Whether any alias of the document refers to this node. */
  isAliased(node: Node): boolean {
    this.resolve(node);
    return [...(this.#aliases?.values() ?? [])].includes(node);
  }
}

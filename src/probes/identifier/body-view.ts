/** A response's body as identifiers see it, and how they read JSON fields and lines in it. */

/** Characters that a JSON text can begin with. */
const JSON_STARTS = '{["-0123456789tfn';

/** A body that is decoded once, and parsed as JSON once if any identifier asks for it. */
export class BodyView {
  #json: unknown;
  #parsed = false;

  /**
   * @param text the body as UTF-8, up to the body limit, without a byte order mark
   * @param doubtful an error page or an incomplete body: free text must not be taken for a label
   * @param cut an incomplete body: a label at its very end may be incomplete too
   */
  constructor(
    readonly text: string,
    readonly doubtful: boolean,
    readonly cut: boolean,
  ) {}

  /** The body as JSON; undefined if it is not JSON, for example because it is incomplete. */
  get json(): unknown {
    if (!this.#parsed) {
      this.#parsed = true;
      const first = this.text.trimStart()[0];
      // Parsing a text that is not JSON throws, which costs far more than this check.
      if (first !== undefined && JSON_STARTS.includes(first)) {
        try {
          this.#json = JSON.parse(this.text);
        } catch {
          this.#json = undefined;
        }
      }
    }
    return this.#json;
  }
}

/** Decodes a body; see {@link BodyView}. A byte order mark is removed. */
export function viewBody(body: Buffer, doubtful: boolean, cut = false): BodyView {
  const text = body.toString('utf8');
  return new BodyView(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, doubtful, cut);
}

/** Value of a field of a JSON object; undefined if it has no such field or is not an object. */
export function field(json: unknown, key: string): unknown {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, key)) return undefined;
  return (json as Record<string, unknown>)[key];
}

/** Value of a field of a JSON object if it is a string; null otherwise. */
export function stringField(json: unknown, key: string): string | null {
  const value = field(json, key);
  return typeof value === 'string' ? value : null;
}

/**
 * The rest of the first line that begins with `key`; null if there is none. A last line without a line end does not
 * count, because it may be incomplete.
 */
export function lineValue(text: string, key: string): string | null {
  let start: number;
  if (text.startsWith(key)) {
    start = key.length;
  } else {
    const at = text.indexOf(`\n${key}`);
    if (at === -1) return null;
    start = at + 1 + key.length;
  }
  const end = text.indexOf('\n', start);
  return end === -1 ? null : text.slice(start, end).trimEnd();
}

/**
 * The same as {@link lineValue} without surrounding white space, for apps that do not end their last line: it counts
 * if the body is whole.
 */
export function firstLine({ text, cut }: BodyView, key: string): string | null {
  return lineValue(cut ? text : `${text}\n`, key)?.trimStart() ?? null;
}

/** What a JSON text can begin with. */
const JSON_STARTS = '{["-0123456789tfn';

/** A response's body as identifiers see it: decoded and parsed at most once, whoever asks. */
export class BodyView {
  #json: unknown;
  #parsed = false;

  /**
   * @param text the body as UTF-8, up to the body limit, without a byte order mark
   * @param doubtful an error page or a body that is not whole: no free text is to be taken for a label
   * @param cut it broke off, or goes on past the body limit: a label at its very end may be half of one
   */
  constructor(
    readonly text: string,
    readonly doubtful: boolean,
    readonly cut: boolean,
  ) {}

  /** The body as JSON; undefined when it is none (cut off at the limit, for example). */
  get json(): unknown {
    if (!this.#parsed) {
      this.#parsed = true;
      const first = this.text.trimStart()[0];
      // An exception for every page or text would cost far more than reading it.
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

/** Decodes a body. */
export function viewBody(body: Buffer, doubtful: boolean, cut = false): BodyView {
  const text = body.toString('utf8');
  return new BodyView(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, doubtful, cut);
}

/** Value of a JSON object's own field, undefined when there is none. */
export function field(json: unknown, key: string): unknown {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, key)) return undefined;
  return (json as Record<string, unknown>)[key];
}

/** Value of a field of a JSON object, when it is a string. */
export function stringField(json: unknown, key: string): string | null {
  const value = field(json, key);
  return typeof value === 'string' ? value : null;
}

/**
 * Rest of the first line that begins with `key` (which ends in `=`), or null. A last line without its end may
 * have been cut off and does not count.
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
 * Rest of the first line that begins with `key`, without white space around it, or null. As {@link lineValue},
 * for apps that do not end their last line: it counts, unless the body is not whole.
 */
export function firstLine({ text, cut }: BodyView, key: string): string | null {
  return lineValue(cut ? text : `${text}\n`, key)?.trimStart() ?? null;
}

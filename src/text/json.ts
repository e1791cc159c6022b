/**
 * Parses JSON from outside. `JSON.parse` itself accepts any depth, at which code that walks a value or writes it as JSON
 * again runs out of stack, and makes 40 bytes of memory of each of the two bytes of `[],`.
 */

/** Of objects and lists in each other. A manifest may have 50 of them, and its policies are a part of a saved plan. */
const MAX_DEPTH = 100;
/** Members and elements. An answer of 8 MiB of Envoy's admin interface has fewer. */
const MAX_VALUES = 1_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/** JSON that is nested too deeply or has too many values. The message continues a sentence that names it: `has more than …`. */
export class JsonLimitError extends SyntaxError {}

/**
 * @throws JsonLimitError for JSON beyond the bounds
 * @throws SyntaxError for what is not JSON
 */
export function parseJson(text: string): unknown {
  checkBounds(text);
  return JSON.parse(text);
}

/** Counts brackets and commas outside of strings, in one pass and without memory. */
function checkBounds(text: string): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = closingQuote(text, at);
        break;
      case COMMA:
        values += 1;
        break;
      case 0x5b: // [
      case 0x7b: // {
        values += 1;
        depth += 1;
        if (depth > MAX_DEPTH) throw new JsonLimitError(`is nested more than ${MAX_DEPTH} deep`);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
    }
  }
  if (values > MAX_VALUES) throw new JsonLimitError(`has more than ${MAX_VALUES} values`);
}

/** Where the string that begins at `open` ends; the end of the text if it does not. */
function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    // An even number of backslashes are backslashes; an odd number ends with one that belongs to the quote.
    if ((at - first) % 2 === 0) return at;
  }
  return text.length;
}

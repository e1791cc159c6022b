/** Texts with values that differ from request to request: `/orders/{{uuid}}?page={{rand 1 20}}`. */
import { OptionError, type OptionNamer } from '../../errors.js';
import { printable } from '../../text/printable.js';

/** A value in a template. */
export type Value =
  | { readonly kind: 'uuid' | 'seq' | 'connection' }
  /** `draw` numbers the draws of a request, so that each is another one. */
  | { readonly kind: 'rand'; readonly low: number; readonly high: number; readonly draw: number };

/** Texts and values that follow each other. */
export type Template = readonly (string | Value)[];

/** Where a text is from, for errors. */
export interface TextPlace {
  /** `The path`, or with an option `-H X-Id`. */
  readonly name: (option: OptionNamer) => string;
  /** Whether errors may show what stands between the braces. */
  readonly mayShow: boolean;
}

/** Values in a request; far more than any needs. */
const MAX_VALUES = 1000;

const KNOWN = '{{uuid}}, {{seq}}, {{rand LOW HIGH}} and {{connection}}';

/** Reads the templates of one request. */
export class TemplateReader {
  /** Values read so far. */
  values = 0;

  /** @throws OptionError for double braces that are no value */
  read(text: string, place: TextPlace): Template {
    const parts: (string | Value)[] = [];
    let at = 0;
    for (;;) {
      const open = text.indexOf('{{', at);
      if (open < 0) break;
      const close = text.indexOf('}}', open);
      if (close < 0) throw wrong(place, "has '{{' without '}}' behind it");
      if (open > at) parts.push(text.slice(at, open));
      parts.push(this.#value(text.slice(open + 2, close), place));
      at = close + 2;
    }
    if (at < text.length) parts.push(text.slice(at));
    return parts;
  }

  #value(inside: string, place: TextPlace): Value {
    this.values += 1;
    if (this.values > MAX_VALUES) throw wrong(place, `has more than ${MAX_VALUES} values`);
    const [name, ...bounds] = inside.trim().split(/\s+/);
    if (name === 'rand') return this.#rand(bounds, place);
    if (bounds.length === 0 && (name === 'uuid' || name === 'seq' || name === 'connection')) {
      return { kind: name };
    }
    const shown = place.mayShow ? `'{{${printable(inside, 40)}}}'` : 'something between double braces';
    throw wrong(place, `has ${shown}, which is no value`);
  }

  #rand(bounds: readonly string[], place: TextPlace): Value {
    const [low, high] = bounds.map((text) => (/^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN));
    // Not above 2^53 different numbers: of more, some would never be drawn.
    if (
      bounds.length === 2 &&
      low !== undefined &&
      high !== undefined &&
      low <= high &&
      [low, high, high - low + 1].every(Number.isSafeInteger)
    ) {
      return { kind: 'rand', low, high, draw: this.values };
    }
    throw wrong(
      place,
      'has {{rand …}} without two whole numbers, the lower one first, as in {{rand 1 1000}}',
    );
  }
}

function wrong({ name }: TextPlace, what: string): OptionError {
  return new OptionError(
    (option) =>
      `${name(option)} ${what}. Values are ${KNOWN}. See ${option('values')} to send double braces as they are.`,
  );
}

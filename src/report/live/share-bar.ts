/**
 * A share against the expected one, drawn to the scale of its tolerance:
 *
 *          ├──━━●━┿━━────┤          ├ ┤ the tolerance   ┼ the expected share   ● the share so far   ━ its interval
 *
 * The tolerance takes the middle half, so that what matters, whether the interval lies inside, is seen at any share.
 */

/** Where shares lie; fractions. */
export interface BarShares {
  readonly expectedShare: number;
  /** Where the tolerance ends; null: at 0, or at 1. */
  readonly bounds: readonly [lo: number | null, hi: number | null];
  /** Null: nothing was counted. */
  readonly share: number | null;
  readonly interval: readonly [lo: number, hi: number] | null;
}

/** A bar, with the part of it that tells how the share is. */
export interface Bar {
  readonly text: string;
  /** From this character to before that one; both 0: there is none. */
  readonly marked: readonly [from: number, to: number];
}

/** Light and heavy forms, by what is at a place. */
const PLAIN = { outside: ' ', inside: '─', low: '├', high: '┤', expected: '┼' } as const;
const HEAVY = { outside: '━', inside: '━', low: '┝', high: '┥', expected: '┿' } as const;
const SHARE = '●';
/** The share lies beyond the scale. */
const [BELOW, ABOVE] = ['<', '>'];

/** @param width at least 5; the bar is so wide, or up to three characters less, so that both halves are alike */
export function shareBar({ expectedShare, bounds, share, interval }: BarShares, width: number): Bar {
  const middle = 2 * ((width - 1) >> 2);
  const [low, high] = [bounds[0] ?? 0, bounds[1] ?? 1];
  const half = 2 * Math.max(expectedShare - low, high - expectedShare, Number.EPSILON);
  const placeOf = (value: number) => middle + Math.round(((value - expectedShare) / half) * middle);
  const inside = (place: number) => Math.min(2 * middle, Math.max(0, place));
  const [from, to] = [placeOf(low), placeOf(high)];
  const heavy = interval === null ? null : [inside(placeOf(interval[0])), inside(placeOf(interval[1]))];
  const [heavyFrom = 1, heavyTo = 0] = heavy ?? [];
  const at = share === null ? null : placeOf(share);
  const characters = Array.from({ length: 2 * middle + 1 }, (_, place) => {
    if (at !== null && place === inside(at)) return at < 0 ? BELOW : at > 2 * middle ? ABOVE : SHARE;
    const forms = place >= heavyFrom && place <= heavyTo ? HEAVY : PLAIN;
    if (place === middle) return forms.expected;
    if (place === from) return forms.low;
    if (place === to) return forms.high;
    return place > from && place < to ? forms.inside : forms.outside;
  });
  const ends = [...(heavy ?? []), ...(at === null ? [] : [inside(at)])];
  return {
    text: characters.join(''),
    marked: ends.length === 0 ? [0, 0] : [Math.min(...ends), Math.max(...ends) + 1],
  };
}

/** A share of all answers, where none is expected: `█████·····` */
export function plainBar(share: number | null, width: number): Bar {
  const filled = Math.round((share ?? 0) * width);
  return { text: '█'.repeat(filled).padEnd(width, '·'), marked: [0, 0] };
}

/** What the page's script draws: plain data, which the report embeds as JSON. */

export interface PlotSpec {
  /** Of its place in the page; letters and dashes. */
  readonly id: string;
  readonly x: PlotX;
  readonly y: PlotY;
  readonly series: readonly PlotSeries[];
  /** Areas of one colour between two heights. */
  readonly bands: readonly PlotBand[];
  /** Upright lines. */
  readonly marks: readonly PlotMark[];
}

/**
 * `seconds`: since the start. `percentile`: log10 of 1 ÷ (1 − q), so that 1 is 90 %, 2 is 99 %. `connections` and `rate`: levels of a
 * search.
 */
type XUnit = 'seconds' | 'percentile' | 'connections' | 'rate';
/** `share`: a fraction, written in percent. `us`: microseconds. `perSecond`: requests. */
type YUnit = 'share' | 'us' | 'requests' | 'perSecond';

export interface PlotX {
  readonly unit: XUnit;
  readonly label: string;
  /** Rising. */
  readonly values: readonly number[];
}

export interface PlotY {
  readonly unit: YUnit;
  readonly label: string;
  readonly scale: 'linear' | 'log';
  /** Where the axis begins and ends; without them it follows from the figures. */
  readonly from?: number;
  readonly to?: number;
}

export interface PlotSeries {
  readonly label: string;
  /** One for each x; null: none there. */
  readonly values: readonly (number | null)[];
  /** Around the line: how sure it is. */
  readonly interval?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
  /** `bars` stand on those of the series before. */
  readonly style: 'line' | 'thin' | 'bars';
  /** Number of a colour. */
  readonly tone: number;
  /** Number of a pattern of dashes; 0 is a whole line. */
  readonly dash: number;
}

export interface PlotBand {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly tone: number;
}

export interface PlotMark {
  readonly label: string;
  readonly x: number;
  readonly tone: number;
  readonly dash: number;
}

/** Least squares: a straight line through points. */

export interface LinePoint {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  /** The value at x = 0, and its standard error; null: too few points for one. */
  readonly intercept: number;
  readonly interceptError: number | null;
  readonly slope: number;
  /** Points less the parameters that were fitted. */
  readonly df: number;
}

/**
 * The line that rises or is level: where the best one falls, or all points have the same x, it is the mean of `y`. The formulas
 * are those of every textbook (Draper and Smith, Applied Regression Analysis, 1.3 and 1.4).
 *
 * @returns null without points
 */
export function risingLine(points: readonly LinePoint[]): Line | null {
  const n = points.length;
  if (n === 0) return null;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const spread = sum(points.map((point) => (point.x - x) ** 2));
  const together = sum(points.map((point) => (point.x - x) * (point.y - y)));
  const slope = spread > 0 ? Math.max(together / spread, 0) : 0;
  const intercept = y - slope * x;
  const df = n - (slope > 0 ? 2 : 1);
  const left = sum(points.map((point) => (point.y - intercept - slope * point.x) ** 2));
  const perPoint = 1 / n + (slope > 0 ? x ** 2 / spread : 0);
  return { intercept, slope, df, interceptError: df > 0 ? Math.sqrt((left / df) * perPoint) : null };
}

/** Standard deviation of a new point at `x` from what the line says there, as {@link Line.interceptError}. */
export function predictionError(points: readonly LinePoint[], line: Line, at: number): number | null {
  if (line.df <= 0) return null;
  const x = mean(points.map((point) => point.x));
  const spread = sum(points.map((point) => (point.x - x) ** 2));
  const left = sum(points.map((point) => (point.y - line.intercept - line.slope * point.x) ** 2));
  const lever = line.slope > 0 && spread > 0 ? (at - x) ** 2 / spread : 0;
  return Math.sqrt((left / line.df) * (1 + 1 / points.length + lever));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

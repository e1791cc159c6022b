/** Colours and dashes of plots: those of the style sheet, so that plots and markup are of the same theme. */

/** Patterns of dashes, as the style sheet's `.dash0`, `.dash1`, … */
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [12, 5, 5, 5]];

/** A colour of the current theme, such as `tone0` or `text`. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function toneColor(tone: number): string {
  return color(`tone${tone}`);
}

/** The same colour, nearly transparent. */
export function areaColor(tone: number): string {
  return `color-mix(in srgb, ${toneColor(tone)} 18%, transparent)`;
}

export function dashPattern(dash: number): number[] {
  return [...(DASHES[dash % DASHES.length] ?? [])];
}

export function whenThemeChanges(redraw: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
}

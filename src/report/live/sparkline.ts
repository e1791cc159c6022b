/** Figures over time as a line of block characters. */

/** From small to large. */
const BLOCKS = '▁▂▃▄▅▆▇█';

/**
 * The latest figures, the newest last. An unknown one is a space.
 *
 * @param most the figure of a whole block
 */
export function sparkline(figures: readonly (number | null)[], most: number, width: number): string {
  const blocks = figures.slice(-width).map((figure) => {
    if (figure === null) return ' ';
    const part = most > 0 ? Math.min(1, figure / most) : 0;
    return BLOCKS[Math.max(0, Math.ceil(part * BLOCKS.length) - 1)] as string;
  });
  return blocks.join('').padEnd(width);
}

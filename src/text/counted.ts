/** Counts and times in sentences. */

/** `17,994` */
export function count(n: number): string {
  return n.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1 request`, `17,994 requests` */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `850 ms`, `33.8 s` */
export function inSeconds(ms: number): string {
  const rounded = Math.abs(ms) < 1000 ? Number(ms.toPrecision(3)) : Number((ms / 1000).toFixed(2));
  return Math.abs(ms) < 1000 ? `${rounded} ms` : `${rounded.toLocaleString('en-US')} s`;
}

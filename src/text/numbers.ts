/** Formats numbers. */

/** `17,994` */
export function count(n: number): string {
  return grouped(n.toFixed(0));
}

/** The digits of a number in groups: `17994.5` is `17,994.5`. By hand, since what knows all languages takes 16 ms of CPU at first. */
export function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+(?!\d))(?<!\..*)/g, ',');
}

/** `1 request`, `17,994 requests` */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** A fraction as a percentage without its sign: `89.97`; `-` for none. */
export function percent(fraction: number | null): string {
  return fraction === null ? '-' : (fraction * 100).toFixed(2);
}

/** `+0.03`; `-` for none. */
export function deviation(points: number | null): string {
  if (points === null) return '-';
  const text = Math.abs(points).toFixed(2);
  if (text === '0.00') return text;
  return points < 0 ? `-${text}` : `+${text}`;
}

/** The number with ten decimals, without the dust of binary fractions: 7, not 7.000000000000001, and 0, not 2.8e-14. */
export function withoutDust(n: number): number {
  const rounded = Number(n.toFixed(10));
  return rounded === 0 ? 0 : rounded;
}

/** At most three significant digits, no trailing zeros: `2`, `0.5`, `0.001`. */
export function plain(n: number): string {
  return String(Number(n.toPrecision(3)));
}

/** Entries that a tally shows: a server can send every status. */
const MAX_TALLIED = 12;

/** `200 × 17,990 · 503 × 4`, the twelve most frequent, in the order of the record */
export function tally(record: Record<string, number>): string {
  const entries = Object.entries(record);
  const frequent = entries.map((_, i) => i).sort((a, b) => (entries[b]?.[1] ?? 0) - (entries[a]?.[1] ?? 0));
  const kept = new Set(frequent.slice(0, MAX_TALLIED));
  const shown = entries.filter((_, i) => kept.has(i));
  const parts = shown.map(([name, n]) => `${name} × ${count(n)}`);
  const hidden = entries.length - shown.length;
  return (hidden > 0 ? [...parts, `${count(hidden)} more`] : parts).join(' · ');
}

/** Requests per second: `1,998/s`, `0.52/s`. */
export function rate(perSecond: number): string {
  return `${perSecond < 10 ? Number(perSecond.toFixed(2)) : count(perSecond)}/s`;
}

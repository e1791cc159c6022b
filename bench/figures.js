// Figures of several rounds, and how they are written.

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const written = (number) => {
  const size = Math.abs(number);
  if (size >= 10_000) return Math.round(number).toLocaleString('en-US');
  return number.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
};

/** The median, and the smallest and the largest: `9.31 (8.90–9.95)`. */
export function spread(numbers) {
  if (numbers.some(Number.isNaN)) return '–';
  if (numbers.length === 1) return written(numbers[0]);
  return `${written(median(numbers))} (${written(Math.min(...numbers))}–${written(Math.max(...numbers))})`;
}

/** Round by round, one client's figure as a multiple of another's. */
export const ratios = (figures, others) => figures.map((figure, round) => figure / others[round]);

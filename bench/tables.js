// Writes what was measured as lines of Markdown.
import { median, ratios, spread } from './figures.js';
import { VALUES } from './values.js';

const row = (cells) => `| ${cells.join(' | ')} |`;
const head = (titles) => [row(titles), `|${titles.map(() => '---').join('|')}|`];

/** @param cpuValue what the ratio is of: the first figure of the case */
function cell(value, cpuValue, rows, ownRows) {
  if (value !== 'ratio') return spread(rows.map(VALUES[value].of));
  const cpu = (of) => of.map(VALUES[cpuValue].of);
  return rows === ownRows ? '' : spread(ratios(cpu(ownRows), cpu(rows)));
}

/** A row per client; each figure as its median, smallest and largest. */
export function figuresTable({ figures }, results) {
  const [[own, ownRows]] = results;
  const title = (value) => (value === 'ratio' ? `${own} ÷ this` : VALUES[value].title);
  return [
    ...head(['', ...figures.map(title)]),
    ...[...results].map(([name, rows]) =>
      row([name, ...figures.map((value) => cell(value, figures[0], rows, ownRows))]),
    ),
  ];
}

/** The goals of a case that can be judged. */
export const goalRows = ({ goals }, results) =>
  goals
    .map((judge) => judge(results))
    .filter((goal) => goal !== null)
    .map(({ what, measured, met }) => ({ what, measured, met: met ? 'yes' : '**no**' }));

export const goalLine = ({ what, measured, met }) => `- Goal: ${what}. Measured: ${measured}. Met: ${met}.`;

export const goalsTable = (rows) => [
  ...head(['what', 'goal', 'measured', 'met']),
  ...rows.map(({ title, what, measured, met }) => row([title, what, measured, met])),
];

/** How much of the machine others used, in cores: it says how far the figures are to be trusted. */
export function othersLine(results) {
  const cores = [...results.values()].flat().map(({ othersCores }) => othersCores);
  return `Other processes used ${median(cores).toFixed(2)} cores (${Math.max(...cores).toFixed(2)} at most).`;
}

/** The tables of docs/gateways.md, from the facts in src/plan/gateways. */
import type { Fact, GatewayFacts, Known } from '../../src/plan/gateways/facts.js';
import type { MatchOrder } from '../../src/plan/gateways/match-order.js';
import { GATEWAYS } from '../../src/plan/gateways/table.js';

type Cell = [title: string, fact: (facts: GatewayFacts) => Fact<unknown>];

const CELLS: readonly Cell[] = [
  ['draws', ({ draw }) => draw],
  ['order of paths', ({ order }) => (order === null ? null : { ...order, value: pathOrder(order.value) })],
  ['filters on backendRefs', ({ backendFilters }) => backendFilters],
  ['retries by default', ({ retries }) => retries],
  ['retries go', ({ retriesGo }) => retriesGo],
  ['breakers and ejections per', ({ countsPer }) => countsPer],
  ['policies', ({ policies }) => policies],
  ['missing backend', ({ missingBackend }) => missingBackend],
  ['unknown Host', ({ unknownHost }) => unknownHost],
];

/** The document with its tables made anew. */
export function withTables(document: string): string {
  let text = document;
  for (const [name, rows] of [
    ['recognized', recognized()],
    ['facts', facts()],
    ['sources', sources()],
    ['unread', unread()],
  ] as const) {
    const [begin, end] = [`<!-- ${name}: npm run gateways -->\n`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/gateways.md has no place for ${name}`);
    text = `${text.slice(0, from + begin.length)}${rows.join('\n')}\n${text.slice(to)}`;
  }
  return text;
}

function recognized(): string[] {
  return table(
    ['gateway', '`spec.controllerName` of the GatewayClass', 'else the name of the class'],
    GATEWAYS.map(({ name, controllers, classNames }) => [name, code(controllers), code(classNames) || '–']),
  );
}

function facts(): string[] {
  return table(
    ['gateway', ...CELLS.map(([title]) => title)],
    GATEWAYS.map((one) => [one.name, ...CELLS.map(([, fact]) => String(fact(one)?.value ?? 'unknown'))]),
  );
}

function sources(): string[] {
  const rows = GATEWAYS.flatMap((one) =>
    CELLS.flatMap(([title, fact]) => {
      const known = fact(one);
      return known === null ? [] : [[one.name, title, sentence(known), known.version, known.source]];
    }),
  );
  return table(['gateway', 'fact', 'in full', 'version', 'source'], rows);
}

function unread(): string[] {
  return GATEWAYS.flatMap((one) => {
    const titles = CELLS.filter(([, fact]) => fact(one) === null).map(([title]) => title);
    return titles.length === 0 ? [] : [`- ${one.name}: ${titles.join(', ')}`];
  });
}

function sentence({ value, remark }: Known<unknown>): string {
  return remark === undefined ? String(value) : `${value}; ${remark}`;
}

function pathOrder([first]: MatchOrder): string {
  return typeof first === 'string' ? first : 'sum of points';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function code(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(', ');
}

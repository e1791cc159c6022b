/** Explains which rules were not used although they come first, and what a request would need for them. */
import { printable } from '../../text/printable.js';
import { ISTIO_ORDER } from '../gateways/match-order.js';
import { describePath, describeRule, describeValue } from '../manifests/describe.js';
import type { ManifestSet, RouteMatch, ValueMatch } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { Note } from '../plan.js';
import type { NumberedRule } from './numbered-rules.js';
import { arrivalConditions, type Place } from './place.js';
import { compareEntries, type Entry } from './precedence.js';
import { headerOf, matches, pathMatches, type RequestLine, splitQuery } from './request-match.js';
import { lineAsSent, type Search } from './rule-search.js';
import type { ServedRoutes } from './served-routes.js';

/** Rules that the note lists at most. */
const MAX_LISTED = 5;

/** The rules of VirtualServices that a gateway tries before the selected one, each with what it asks for and by which flag. */
export function passedOver(search: Search, selected: Entry): readonly Note[] {
  if (selected.route.dialect.order !== 'written') return [];
  const { served, host, rules } = search;
  const line = lineAsSent(search);
  const at = served.at(host).find(({ routes }) => routes.includes(selected.route));
  const before = rules.filter(
    ({ route, rule }) =>
      rule.matches.some((match) => compareEntries({ route, rule, match }, selected, ISTIO_ORDER).order < 0) &&
      rule !== selected.rule,
  );
  const lines = before.map(({ number, route, rule }) => {
    const [match] = rule.matches;
    const asked = match === undefined ? [] : unmet(match, line, at?.place ?? null);
    return `  ${number}  ${describeRule(route, rule)}: asks for ${printable(asked.join(', '), 200)}`;
  });
  if (lines.length === 0) return [];
  const more = lines.length > MAX_LISTED ? [`  … and ${lines.length - MAX_LISTED} more`] : [];
  const text = [
    'Rules with conditions that the requests do not meet were passed over:',
    ...lines.slice(0, MAX_LISTED),
    ...more,
  ];
  return [{ code: 'rule-conditions', text: text.join('\n') }];
}

/** VirtualServices for the same host that no gateway serves. */
export function notServed(
  set: ManifestSet,
  rules: readonly NumberedRule[],
  served: ServedRoutes,
  host: string | null,
): readonly Note[] {
  const hosts = new Set(rules.flatMap(({ route }) => route.hostnames));
  const routes = new Set(
    set.routes
      .filter((route) => route.dialect.order === 'written' && !served.has(route))
      .filter(({ hostnames }) => hostnames.some((name) => name === host || hosts.has(name))),
  );
  if (routes.size === 0) return [];
  const names = [...routes].slice(0, MAX_LISTED).map(({ ref }) => resourceLabel(ref));
  const text = `${names.join(', ')}: not served by the gateway (by its gateways, its exportTo, or the hosts of the Gateway's servers), so left out.`;
  return [{ code: 'rule-conditions', text }];
}

/** What the request lacks for the match, each with the flag that gives it. */
function unmet(match: RouteMatch, line: RequestLine, place: Place | null): string[] {
  const [path, query] = splitQuery(line.path ?? '/');
  const parameters = new URLSearchParams(query);
  const parts: string[] = [];
  if (match.path !== null && !pathMatches(match.path, path, match.ignorePathCase)) {
    parts.push(`${describePath(match.path, match.ignorePathCase)} (in the URL)`);
  }
  if (match.method !== null && match.method !== line.method)
    parts.push(`${match.method} (-X ${match.method})`);
  const alone = { path: null, method: null, headers: [], queryParams: [], other: [] };
  for (const header of match.headers) {
    if (!matches({ ...alone, headers: [header] }, line))
      parts.push(`${describeHeader(header)} (${flagOf(header)})`);
  }
  for (const header of match.withoutHeaders ?? []) {
    if (matches({ ...alone, withoutHeaders: [header] }, line)) continue;
    const advice = headerOf(line, header.name) === null ? '' : ` (leave out -H '${header.name}: …')`;
    parts.push(`no ${describeHeader(header)}${advice}`);
  }
  for (const parameter of match.queryParams) {
    const given = parameters.get(parameter.name);
    if (given === null || !matches({ ...alone, queryParams: [parameter] }, line)) {
      parts.push(`query ${describeValue(parameter)} (in the URL)`);
    }
  }
  if (match.arrival && place !== null) {
    const conditions = arrivalConditions(match.arrival, place).filter(({ met }) => met !== true);
    parts.push(...conditions.map(({ words }) => words));
  }
  parts.push(...match.other.map((claim) => `${claim} (a claim of a token)`));
  return parts;
}

const PARTS: Readonly<Record<string, readonly [words: string, flag: string]>> = {
  ':authority': ['Host', '--host'],
  ':method': ['method', '-X'],
  ':scheme': ['scheme', 'in the URL'],
  ':path': ['path with query', 'in the URL'],
};

function describeHeader(header: ValueMatch): string {
  const words = PARTS[header.name]?.[0];
  return words === undefined ? `header ${describeValue(header)}` : describeValue({ ...header, name: words });
}

/** `-H 'x-canary: always'` */
function flagOf(header: ValueMatch): string {
  const flag = PARTS[header.name]?.[1];
  if (flag !== undefined)
    return header.type === 'Exact' && flag.startsWith('-') ? `${flag} ${header.value}` : flag;
  const [, value = '…'] = header.type === 'Exact' ? describeValue(header).split(' = ') : [];
  return `-H '${header.name}: ${value}'`;
}

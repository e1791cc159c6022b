/** Values for a request that meet a rule's match: method, headers and query parameters. */
import { OptionError, type OptionNamer } from '../../errors.js';
import { printable } from '../../text/printable.js';
import type { RouteMatch, ValueMatch } from '../manifests/model.js';
import { type GivenRequest, headerOf, splitQuery, valueMeets } from '../routes/request-match.js';

/** The path with the query parameters that the match asks for. */
export function addQuery(match: RouteMatch | null, target: string): string {
  const [, query] = splitQuery(target);
  const known = new URLSearchParams(query);
  const missing = (match?.queryParams ?? []).filter((param) => !known.has(param.name));
  const added = missing.map((param) => {
    const value = valueFor(param, `query parameter ${param.name}`, () => 'give it in the URL (…?NAME=VALUE)');
    return `${encodeURIComponent(param.name)}=${encodeURIComponent(value)}`;
  });
  if (added.length === 0) return target;
  return `${target}${target.includes('?') ? '&' : '?'}${added.join('&')}`;
}

/** The method that a header match of Istio asks for; null when GET meets it, or none is asked for. */
export function deriveMethod(match: RouteMatch | null): string | null {
  const asked = match?.headers.find(({ name }) => name === ':method');
  return asked === undefined || valueMeets(asked, 'GET')
    ? null
    : valueFor(asked, 'method', (name) => `give it with ${name('method')}`);
}

/** The headers that the match asks for besides the given ones. */
export function deriveHeaders(match: RouteMatch | null, given: GivenRequest): [string, string][] {
  return (match?.headers ?? [])
    .filter(({ name }) => !name.startsWith(':') && headerOf(given, name) === null)
    .filter((header) => !metByDefault(header, given))
    .map((header) => [
      header.name,
      valueFor(
        header,
        `header ${header.name}`,
        (name) => `give it with ${name('headers')} '${printable(header.name)}: VALUE'`,
      ),
    ]);
}

function metByDefault(match: ValueMatch, { defaults = [] }: GivenRequest): boolean {
  return defaults.some(([name, value]) => name === match.name && valueMeets(match, value));
}

/** A value that meets the match. */
function valueFor(match: ValueMatch, what: string, advice: (name: OptionNamer) => string): string {
  if (match.type === 'Present') return '1';
  if (match.type !== 'RegularExpression') return match.value;
  throw new OptionError(
    (name) =>
      `The rule's ${printable(what)} must match the regular expression ${printable(match.value)}: ${advice(name)}.`,
  );
}

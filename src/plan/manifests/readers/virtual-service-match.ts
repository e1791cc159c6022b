/** What a VirtualService's rule matches. */

import type { Field } from '../fields.js';
import type { Arrival, PathMatch, ResourceRef, RouteMatch, ValueMatch } from '../model.js';
import { headerName, objectName, pattern, queryText } from './checks.js';
import { readLabels } from './destination-rule.js';
import { gatewayName } from './virtual-service-gateways.js';

/** A StringMatch; `Present` when it is empty, or the regular expression `*`, which Istio takes for "any". */
type TextMatch = Omit<ValueMatch, 'name'>;

/** Parts of a request that a header match may name, as Envoy does. */
const PSEUDO_HEADERS = [':authority', ':method', ':path', ':scheme'];

/** One entry of `match`. */
export function readMatch(match: Field, ref: ResourceRef): RouteMatch {
  const headers = match.get('headers').entries();
  const method = readParts(match, 'method');
  const [exact] = method.filter(({ type }) => type === 'Exact');
  return {
    path: readUri(match.get('uri')),
    ignorePathCase: match.get('ignoreUriCase').boolean() ?? false,
    method: exact?.value ?? null,
    headers: [
      ...headers.filter(([name]) => !isClaim(name)).map(([name, field]) => readHeader(name, field)),
      ...method.filter((one) => one !== exact),
      ...readParts(match, 'authority'),
      ...readParts(match, 'scheme'),
    ],
    withoutHeaders: match
      .get('withoutHeaders')
      .entries()
      .map(([name, field]) =>
        // A request without a token has no claim.
        isClaim(name) ? { name: name.toLowerCase(), type: 'Present', value: '' } : readHeader(name, field),
      ),
    queryParams: match
      .get('queryParams')
      .entries()
      .map(([name, field]) => ({ name: queryText(field, name), ...readText(field) })),
    arrival: readArrival(match, ref),
    other: headers.flatMap(([name]) => (isClaim(name) ? [name] : [])),
  };
}

/** `@request.auth.claims.group` or `@request.auth.claims[group]`: a claim of a JSON Web Token, not a header. */
function isClaim(name: string): boolean {
  return /^@request\.auth\.claims(\..|\[.)/i.test(name);
}

function readHeader(name: string, field: Field): ValueMatch {
  const lower = name.toLowerCase();
  // Envoy keeps the Host header under this name.
  const known = lower === 'host' ? ':authority' : PSEUDO_HEADERS.find((one) => one === lower);
  return { name: known ?? headerName(field, name), ...readText(field) };
}

/** A condition on a part of the request, as a match of the header that stands for it; none when absent. */
function readParts(match: Field, part: 'authority' | 'method' | 'scheme'): ValueMatch[] {
  const field = match.get(part);
  return field.present ? [{ name: `:${part}`, ...readText(field) }] : [];
}

function readUri(uri: Field): PathMatch | null {
  const { type, value } = readText(uri, (field) => pattern(field));
  if (type === 'Present') return null;
  if (type === 'RegularExpression') return { type, value };
  if (/[^\x21-\x7e]|[?#]/.test(value)) uri.fail('holds characters that a path may not have');
  return { type, value };
}

function readText(field: Field, readPattern = patternOrAny): TextMatch {
  const exact = field.get('exact');
  const prefix = field.get('prefix');
  const regex = field.get('regex');
  if ([exact, prefix, regex].filter((one) => one.present).length > 1) {
    field.fail('has more than one of exact, prefix and regex');
  }
  if (exact.present) return { type: 'Exact', value: queryText(exact) };
  if (prefix.present) return { type: 'TextPrefix', value: queryText(prefix) };
  const found = regex.present ? readPattern(regex) : null;
  return found === null ? { type: 'Present', value: '' } : { type: 'RegularExpression', value: found };
}

/** Null for `*`, which is no regular expression: it stands for any value. */
function patternOrAny(field: Field): string | null {
  return field.requiredText() === '*' ? null : pattern(field);
}

function readArrival(match: Field, ref: ResourceRef): Arrival | null {
  const gateways = match.get('gateways').items();
  const labels = readLabels(match.get('sourceLabels'));
  const sourceNamespace = match.get('sourceNamespace');
  const port = match.get('port').whole(0, 65_535) || null;
  if (gateways.length === 0 && Object.keys(labels).length === 0 && !sourceNamespace.text() && port === null)
    return null;
  return {
    gateways: gateways.map((gateway) => gatewayName(gateway, ref)),
    port,
    sourceLabels: labels,
    sourceNamespace: sourceNamespace.text() ? objectName(sourceNamespace) : null,
  };
}

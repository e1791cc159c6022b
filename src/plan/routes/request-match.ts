/** Whether a request meets a rule's match. */
import type { RE2JS } from 're2js';
import { printable } from '../../text/printable.js';
import { maskUrl } from '../../text/secrets.js';
import type { PathMatch, RouteMatch, ValueMatch } from '../manifests/model.js';
import { compileRe2 } from '../re2.js';

/** The request as given in the options; null for what is not given. */
export interface GivenRequest {
  readonly host: string | null;
  /** Path with its query. */
  readonly path: string | null;
  readonly method: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Headers that are sent too, unless a rule asks for others; absent: none. */
  readonly defaults?: readonly (readonly [name: string, value: string])[];
  /** Names of query parameters that are not shown, besides those that are secret by their names. */
  readonly secrets?: readonly string[] | undefined;
  /** Where the URL leads; absent or null if there is none. */
  readonly connect?: { readonly scheme: 'http' | 'https'; readonly port: number } | null;
}

/** Method and path of a request in words, fit for a terminal: at most `limit` characters, without secrets. */
export function describeRequest(
  { method, path, secrets }: Pick<GivenRequest, 'method' | 'path' | 'secrets'>,
  limit?: number,
): string {
  return printable(`${method ?? 'GET'} ${maskUrl(path ?? '/', secrets)}`, limit);
}

/** A request as far as it is known; null is whatever the rule requires. */
export interface RequestLine {
  /** Host header, with its port if it has one. */
  readonly host: string | null;
  readonly scheme: 'http' | 'https' | null;
  /** Path with its query, as sent. */
  readonly path: string | null;
  readonly method: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whether headers and query parameters may be added to the request, so that a rule fits. */
  readonly mayAdd: boolean;
}

/** True when the request meets the match. Where it arrives, and conditions in `match.other`, do not count. */
export function matches(match: RouteMatch | null, request: RequestLine): boolean {
  if (match === null) return true;
  const [path, query] = splitQuery(request.path ?? '');
  if (match.path !== null && request.path !== null && !pathMatches(match.path, path, match.ignorePathCase))
    return false;
  if (match.method !== null && request.method !== null && match.method !== request.method) return false;
  const params = new URLSearchParams(query);
  return (
    match.headers.every((header) => valueMatches(header, headerOf(request, header.name), request)) &&
    (match.withoutHeaders ?? []).every((header) => isWithout(header, headerOf(request, header.name))) &&
    match.queryParams.every((param) => valueMatches(param, params.get(param.name), request))
  );
}

/** Path and query without the question mark. */
export function splitQuery(target: string): [path: string, query: string] {
  const at = target.indexOf('?');
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
}

/** A prefix without slashes at its end, which the Gateway API ignores; `/` becomes empty. */
export function trimPrefix(prefix: string): string {
  // Only from the first slash of a row: else many slashes that are not at the end take quadratic time.
  return prefix.replace(/(?<!\/)\/+$/, '');
}

/** Whether a path (without query) meets a path match. */
export function pathMatches(match: PathMatch, path: string, ignoreCase = false): boolean {
  const [value, given] = ignoreCase ? [lowerAscii(match.value), lowerAscii(path)] : [match.value, path];
  switch (match.type) {
    case 'Exact':
      return given === value;
    case 'PathPrefix': {
      const prefix = trimPrefix(value);
      return given === prefix || given.startsWith(`${prefix}/`);
    }
    case 'TextPrefix':
      return given.startsWith(value);
    case 'RegularExpression':
      return matchesAll(match, path);
  }
}

/** Envoy compares ASCII letters only; paths have no others. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * All values of a header, joined as gateways do; null when there is none or it is not known. `:authority`, `:scheme`,
 * `:method` and `:path` are the request's own.
 */
export function headerOf(
  request: Pick<RequestLine, 'headers'> & Partial<RequestLine>,
  name: string,
): string | null {
  switch (name) {
    case ':authority':
    case 'host':
      return request.host ?? null;
    case ':scheme':
      return request.scheme ?? null;
    case ':method':
      return request.method ?? null;
    case ':path':
      return request.path ?? null;
  }
  const values = request.headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? null : values.join(',');
}

/** Whether a value meets a match. */
export function valueMeets(match: ValueMatch, value: string): boolean {
  switch (match.type) {
    case 'Exact':
      return value === match.value;
    case 'TextPrefix':
      return value.startsWith(match.value);
    case 'Present':
      return true;
    case 'RegularExpression':
      return matchesAll(match, value);
  }
}

/** Of matches with a regular expression: the lab's gateway asks for every request. */
const compiled = new WeakMap<PathMatch | ValueMatch, RE2JS>();

/** Whether the regular expression matches the whole of `text`, as gateways ask. */
function matchesAll(match: PathMatch | ValueMatch, text: string): boolean {
  let pattern = compiled.get(match);
  if (pattern === undefined) {
    pattern = compileRe2(match.value);
    compiled.set(match, pattern);
  }
  return pattern.testExact(text);
}

/** A header that is not there has an empty value, except where any value is excluded. */
function isWithout(match: ValueMatch, value: string | null): boolean {
  return match.type === 'Present' ? value === null : !valueMeets(match, value ?? '');
}

function valueMatches(match: ValueMatch, value: string | null, request: RequestLine): boolean {
  return value === null ? request.mayAdd : valueMeets(match, value);
}

/** Where the rules' redirects lead: for Envoy as configuration, for the embedded gateway as the location itself. */
import type { Redirect, RouteMatch } from '../../plan/manifests/model.js';
import { splitQuery, trimPrefix } from '../../plan/routes/request-match.js';

type Scheme = 'http' | 'https';

/** Where a request arrived, and what it asked for. */
export interface RedirectedRequest {
  readonly scheme: Scheme;
  /** Port of the Gateway's listener. */
  readonly gatewayPort: number;
  /** As sent, with its port. */
  readonly host: string;
  /** Path with query. */
  readonly target: string;
  /** The match that the request met. */
  readonly match: RouteMatch | null;
}

/**
 * The port that is written into the location; null: none. The usual port of the scheme is left out (istio/istio,
 * pilot/pkg/networking/core/route/route.go, `ApplyRedirect`).
 */
export function redirectPort(
  { port, scheme }: Redirect,
  arrival: Pick<RedirectedRequest, 'scheme' | 'gatewayPort'>,
): number | null {
  const number = port === 'listener' ? arrival.gatewayPort : port;
  const usual = (scheme ?? arrival.scheme) === 'https' ? 443 : 80;
  return number === usual ? null : number;
}

/** The `location` header, as Envoy makes it (source/common/http/utility.cc, `newUri`). */
export function redirectTo(redirect: Redirect, request: RedirectedRequest): string {
  const scheme = redirect.scheme ?? request.scheme;
  const port = redirectPort(redirect, request);
  const host = redirect.host ?? hostOf(request, scheme, port !== null);
  const path = pathOf(redirect, request);
  return `${scheme}://${host}${port === null ? '' : `:${port}`}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** The request's host, without its port if there is another one, or if it was the usual one of another scheme. */
function hostOf({ host, scheme: own }: RedirectedRequest, scheme: string, otherPort: boolean): string {
  const colon = host.lastIndexOf(':');
  if (colon < host.lastIndexOf(']') || colon < 0) return host;
  const usual = own === 'https' ? '443' : '80';
  return otherPort || (scheme !== own && host.slice(colon + 1) === usual) ? host.slice(0, colon) : host;
}

function pathOf({ path }: Redirect, { target, match }: RedirectedRequest): string {
  if (path === null || path.value === '') return target;
  const [plain] = splitQuery(target);
  if (path.replaces === 'prefix') return path.value + target.slice(matchedLength(match, plain));
  return path.value.includes('?') ? path.value : path.value + target.slice(plain.length);
}

/** How much of the path the match is about: its prefix, or all of it. */
function matchedLength(match: RouteMatch | null, path: string): number {
  switch (match?.path?.type) {
    case undefined:
      return 1;
    case 'TextPrefix':
      return match?.path?.value.length ?? 1;
    case 'PathPrefix':
      return trimPrefix(match?.path?.value ?? '').length || 1;
    default:
      return path.length;
  }
}

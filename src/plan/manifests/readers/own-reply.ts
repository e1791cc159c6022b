/** What rules answer without a backend: redirects and direct responses, as istiod reads them. */
import type { Field } from '../fields.js';
import type { OwnReply, Redirect } from '../model.js';

/** Statuses that Envoy has for a redirect. */
const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_PORT = 65_535;
const MAX_UINT32 = 2 ** 32 - 1;

/**
 * A RequestRedirect filter. Without a port, a scheme means its usual port, else it is the listener's (istio/istio,
 * pilot/pkg/config/kube/gateway/conversion.go, `createRedirectFilter`). Null if Envoy has no such redirect.
 */
export function readRedirectFilter(redirect: Field): Redirect | null {
  const scheme = redirect.get('scheme').text() || null;
  const port = redirect.get('port').whole(1, MAX_PORT);
  return ifServed({
    kind: 'redirect',
    status: redirect.get('statusCode').whole(0, MAX_UINT32) || 302,
    scheme,
    host: redirect.get('hostname').text() || null,
    port: port ?? (scheme === null ? 'listener' : null),
    path: readPathModifier(redirect.get('path')),
  });
}

function readPathModifier(path: Field): Redirect['path'] {
  const replaces = path.get('type').text() === 'ReplacePrefixMatch' ? 'prefix' : 'all';
  const value = path.get(replaces === 'prefix' ? 'replacePrefixMatch' : 'replaceFullPath').text();
  return value ? { replaces, value } : null;
}

/** `redirect` or `directResponse` of a VirtualService's rule; null if there is neither, or what Envoy does not serve. */
export function readOwnReply(rule: Field): OwnReply | null {
  const redirect = rule.get('redirect');
  return redirect.present ? readRedirect(redirect) : readDirectResponse(rule.get('directResponse'));
}

function readRedirect(redirect: Field): Redirect | null {
  const uri = redirect.get('uri').text();
  const port = redirect.get('port').whole(0, MAX_UINT32) || null;
  return ifServed({
    kind: 'redirect',
    status: redirect.get('redirectCode').whole(0, MAX_UINT32) || 301,
    scheme: redirect.get('scheme').text() || null,
    host: redirect.get('authority').text() || null,
    port: redirect.get('derivePort').text() === 'FROM_REQUEST_PORT' ? 'listener' : port,
    path: uri ? { replaces: 'all', value: uri } : null,
  });
}

function readDirectResponse(direct: Field): OwnReply | null {
  const body = direct.get('body');
  const status = direct.get('status').whole(0, MAX_UINT32) ?? 0;
  if (body.get('bytes').present || status < 200 || status > 599) return null;
  return { kind: 'response', status, body: body.get('string').text() ?? '' };
}

/** Null for what Envoy refuses. */
function ifServed(redirect: Redirect): Redirect | null {
  const { status, port, scheme, host, path } = redirect;
  const isHeader = [scheme, host, path?.value ?? null].every(
    (text) => text === null || /^[\x21-\x7e]+$/.test(text),
  );
  const isPort = typeof port !== 'number' || port <= MAX_PORT;
  return REDIRECTS.includes(status) && isHeader && isPort ? redirect : null;
}

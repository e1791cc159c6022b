/** What rules answer without a backend: redirects and direct responses, as istiod reads them. */
import type { Field } from '../fields.js';
import type { OwnReply, Redirect } from '../model.js';
import { headerValue } from './checks.js';

/** Statuses that Envoy has for a redirect. */
const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_PORT = 65_535;

/**
 * A RequestRedirect filter. Without a port, a scheme means its usual port, else it is the listener's (istio/istio,
 * pilot/pkg/config/kube/gateway/conversion.go, `createRedirectFilter`). Null for another status than Envoy has.
 */
export function readRedirectFilter(redirect: Field): Redirect | null {
  const status = readStatus(redirect.get('statusCode'), 302);
  if (status === null) return null;
  const scheme = optionalText(redirect.get('scheme'));
  const port = redirect.get('port').whole(1, MAX_PORT);
  return {
    kind: 'redirect',
    status,
    scheme,
    host: optionalText(redirect.get('hostname')),
    port: port ?? (scheme === null ? 'listener' : null),
    path: readPathModifier(redirect.get('path')),
  };
}

function readPathModifier(path: Field): Redirect['path'] {
  const replaces = path.get('type').text() === 'ReplacePrefixMatch' ? 'prefix' : 'all';
  const value = optionalText(path.get(replaces === 'prefix' ? 'replacePrefixMatch' : 'replaceFullPath'));
  return value === null ? null : { replaces, value };
}

/** `redirect` or `directResponse` of a VirtualService's rule; null if there is neither, or what is not served. */
export function readOwnReply(rule: Field): OwnReply | null {
  const redirect = rule.get('redirect');
  if (redirect.present) {
    const status = readStatus(redirect.get('redirectCode'), 301);
    if (status === null) return null;
    const uri = optionalText(redirect.get('uri'));
    return {
      kind: 'redirect',
      status,
      scheme: optionalText(redirect.get('scheme')),
      host: optionalText(redirect.get('authority')),
      port:
        redirect.get('derivePort').text() === 'FROM_REQUEST_PORT'
          ? 'listener'
          : redirect.get('port').whole(0, MAX_PORT) || null,
      path: uri === null ? null : { replaces: 'all', value: uri },
    };
  }
  const direct = rule.get('directResponse');
  const body = direct.get('body');
  if (!direct.present || body.get('bytes').present) return null;
  const status = direct.get('status').whole(200, 599) ?? direct.get('status').fail('is missing');
  return { kind: 'response', status, body: body.get('string').text() ?? '' };
}

/** A part of the `location` header; null when absent or empty. */
function optionalText(field: Field): string | null {
  return headerValue(field) || null;
}

/** Null for a status that Envoy has no redirect with: istiod leaves such a redirect out. */
function readStatus(field: Field, otherwise: number): number | null {
  const status = field.whole(0, 999) || otherwise;
  return REDIRECTS.includes(status) ? status : null;
}

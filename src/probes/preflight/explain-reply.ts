/** Explains to the user why a response means that no load can be sent, and what to do about it. */
import type { OptionNamer } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import { maskSecrets, shownTarget } from '../../plan/target/secrets.js';
import { hostnameOf } from '../../plan/target/target.js';
import { maskUrl } from '../../text/secrets.js';
import { describeBody } from '../identifier/describe-body.js';
import { headerValue } from '../response/raw-headers.js';
import { firstAddress } from './explain-failure.js';
import type { PreflightReply } from './reply.js';

/**
 * Explains why no load can be sent after this response, or returns null if it can. Errors of backends do not prevent
 * a run: they are what it measures.
 *
 * @param name names the options that the advice is about
 */
export function explainReply(plan: Plan, reply: PreflightReply, name: OptionNamer): string | null {
  const target = shownTarget(plan);
  const mask = maskSecrets(plan);
  const at = firstAddress(plan);
  const said = `${at} answered ${reply.status}`;
  if (
    target.scheme === 'http' &&
    reply.status === 400 &&
    /HTTP request (was )?(sent )?to (an )?HTTPS|plain HTTP request was sent to HTTPS/i.test(
      reply.body.toString('latin1'),
    )
  ) {
    return `${at} speaks TLS, but the request was plain HTTP. Use https://.`;
  }
  if (reply.status === 301 || reply.status === 302 || reply.status === 307 || reply.status === 308) {
    const location = headerValue(reply.headers, 'location') ?? '';
    const shown = describeBody(Buffer.from(location, 'latin1'), (text) =>
      maskUrl(mask(text), plan.secretHeaders),
    );
    if (location.startsWith('https:') && target.scheme === 'http') {
      return `${said}, a redirect to https (${shown}). Use https:// and the gateway's TLS port.`;
    }
    return `${said}, a redirect to ${shown}. Redirects are not followed: give the URL that it leads to.`;
  }
  if (reply.status === 404 && (reply.outcome === 'route-not-found' || reply.body.length === 0)) {
    const port =
      target.host.includes(':') && hostnameOf(target.host) !== target.host
        ? ` The Host has a port, and some gateways (not Istio) have routes only for the Host without it: ${name('host')} ${hostnameOf(target.host)}.`
        : '';
    return `${said} for Host '${target.host}' and path '${target.path}': the gateway has no route for them. Give the route's hostname with ${name('host')}.${port}`;
  }
  if (reply.status === 401 || reply.status === 403) {
    const text = describeBody(reply.body, mask, reply.headers);
    const rbac = /RBAC: access denied/.test(text)
      ? 'an AuthorizationPolicy of the gateway denies it'
      : 'the request is not allowed';
    return `${said} ('${text}'): ${rbac}. Add what it requires, e.g. ${name('headers')} 'Authorization: Bearer …'.`;
  }
  if (reply.outcome === 'backend-ref-invalid') {
    return `${said} with an empty body: the gateway has the route but no backend for it (a missing Service, port or subset, or a reference that is not permitted).`;
  }
  if (reply.outcome === 'no-healthy-upstream') {
    return `${said} 'no healthy upstream': no endpoint of the backend is ready.`;
  }
  if (reply.outcome === 'connection-failure' || reply.outcome === 'connection-timeout') {
    return `${said}: the gateway could not connect to the backend. Check that its pods listen on the Service's targetPort.`;
  }
  if (reply.status === 426)
    return `${said}: it requires another protocol than ${target.protocol === 'h2' ? 'HTTP/2' : 'HTTP/1.1'}.`;
  if (reply.fromGateway)
    return `${said} ('${describeBody(reply.body, mask, reply.headers)}'): the gateway made this response itself, without a backend.`;
  return null;
}

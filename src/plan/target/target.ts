/** Makes the Target from the URL, the options and the manifests' values. */
import { isIP } from 'node:net';
import { contradiction, OptionError, UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { maskBrokenUrl } from '../../text/secrets.js';
import type { Target } from '../plan.js';
import type { TargetOptions } from '../plan-options.js';
import { hasBraces, readTemplate } from '../values/request-template.js';
import { hasValueInHost, hideValues, showValues } from '../values/url-values.js';
import { connectTargets } from './connect-to.js';
import { defaultHeaders, readHeaders } from './request-headers.js';
import { makeTls } from './tls.js';

/** Stands for the URL of a plan by which nothing is sent: a name that never exists (RFC 2606). */
export const NOWHERE = 'http://gateway.invalid/';

/** Values from manifests, used if no option gives them. */
export interface TargetDefaults {
  /** Hosts or IP addresses to connect to in place of the URL's, at least one. */
  readonly addresses?: readonly string[] | undefined;
  readonly host?: string | undefined;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly headers: readonly (readonly [string, string])[];
}

/**
 * Parses a URL. The scheme may be left out: it is then http.
 *
 * @param secrets names of query parameters that errors do not show, besides those that are secret by their names
 * @param values whether it may have values; they are hidden in what is returned (values/url-values.ts)
 * @throws UserError for a text that is no such URL, and for one with a user name or password
 */
export function parseUrl(given: string, secrets: readonly string[] = [], values = false): URL {
  const text = values ? hideValues(given) : given;
  const wrong = (why: string) =>
    new UserError(
      `'${printable(maskBrokenUrl(given, secrets))}' is not a URL to send requests to: ${why}. Write it as http://HOST[:PORT][/PATH].`,
    );
  if (values && hasBraces(text)) throw wrong("it has '{{' without '}}' behind it");
  if (values && hasValueInHost(text)) throw wrong('values can stand in its path and query only');
  if (/[\s\x00-\x1f]/.test(text) || text === '') throw wrong('it is empty or has spaces in it');
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw wrong('it cannot be read');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw wrong(`its scheme is '${url.protocol.slice(0, -1)}', and only http and https can be sent`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OptionError(
      (name) =>
        `The URL has a user name or password, which would be shown in reports. Give ${name('headers')} 'Authorization: …' instead.`,
    );
  }
  return url;
}

/** Host part of a Host header or URL, without port and brackets. */
export function hostnameOf(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  if (bracketed !== null) return bracketed[1] as string;
  return host.replace(/:\d*$/, '');
}

/**
 * Makes the target. Host: `host`, else the header of that name, else the manifests', else the URL's. SNI:
 * `sni`, else the Host override without its port, else the URL's host; an IP literal is never sent.
 *
 * @throws OptionError for a header, address or the like that cannot be used
 */
export function makeTarget(url: URL, options: TargetOptions, defaults: TargetDefaults): Target {
  checkSocketAlone(options);
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const given = readHeaders(options.headers ?? []);
  const override = options.host ?? given.host ?? defaults.host;
  const host = override ?? url.host;
  const mayHaveValues = options.values !== false;
  checkHost(host, options.host !== undefined, mayHaveValues);
  const body = bytesOf(options.body);
  const headers = [...given.headers];
  const has = (name: string) =>
    headers.some(([other]) => other.toLowerCase() === name) || given.removed.has(name);
  for (const [name, value] of defaults.headers) {
    if (!has(name.toLowerCase())) headers.push([name, value]);
  }
  headers.push(...defaultHeaders(body !== null).filter(([name]) => !has(name)));
  const ownPath = mayHaveValues ? showValues(url.pathname + url.search) : url.pathname + url.search;
  const path = ownPath === '/' ? (defaults.path ?? '/') : ownPath;
  return {
    url: mayHaveValues ? showValues(url.href) : url.href,
    scheme,
    protocol: options.http2 === true ? 'h2' : 'http/1.1',
    connectTo: connectTargets(url, options, defaults.addresses),
    host,
    sni: scheme === 'https' ? serverName(options.sni, override, url) : null,
    path,
    values: mayHaveValues && readTemplate({ path, headers, body }) !== null,
    method: checkMethod(options.method ?? (body !== null ? 'POST' : (defaults.method ?? 'GET'))),
    headers,
    body,
    tls: makeTls(options.tls),
  };
}

function checkSocketAlone({ unixSocket, connectTo = [], resolve = [] }: TargetOptions): void {
  if (unixSocket === undefined) return;
  const other = connectTo.length > 0 ? 'connectTo' : resolve.length > 0 ? 'resolve' : null;
  if (other !== null) throw contradiction('unixSocket', other, 'a Unix socket has no host and port');
}

function bytesOf(body: TargetOptions['body']): Uint8Array | null {
  if (body === undefined) return null;
  return typeof body === 'string' ? Buffer.from(body) : body;
}

function serverName(sni: string | undefined, hostOverride: string | undefined, url: URL): string | null {
  if (sni !== undefined && (sni === '' || isIP(sni) !== 0 || /[\s:/]/.test(sni))) {
    throw new OptionError(
      (name) => `${name('sni')}: '${sni}' is not a server name: TLS sends host names only, without a port.`,
    );
  }
  const name = (sni ?? hostnameOf(hostOverride ?? url.host)).replace(/\.$/, '');
  return isIP(name) === 0 ? name : null;
}

/**
 * @param asOption whether the host is from the option `host`, not from a header
 * @param mayHaveValues whether double braces stand for values elsewhere
 */
function checkHost(host: string, asOption: boolean, mayHaveValues: boolean): void {
  const fail = (why: string) =>
    new OptionError((name) => `${asOption ? name('host') : 'Host'}: '${host}'${why}`);
  if (mayHaveValues && hasBraces(host)) {
    throw fail(' has double braces, but the Host is the same for all requests: it can have no values.');
  }
  if (host === '' || /[\s/\x00-\x1f\x7f]/.test(host) || /[^\x21-\x7e]/.test(host)) {
    throw fail(' cannot be sent as a Host header.');
  }
  if (host.split(':').length > 2 && !host.startsWith('[')) {
    throw fail(': an IPv6 address is written in brackets, as in [::1]:8080.');
  }
  if (host.includes('*')) {
    throw new OptionError(
      (name) =>
        `${asOption ? name('host') : 'Host'}: '${host}' is a wildcard. Give ${name('host')} one name that it covers.`,
    );
  }
}

function checkMethod(method: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method) || method.toUpperCase() === 'CONNECT') {
    throw new OptionError((name) => `${name('method')}: '${method}' is not a method that can be sent.`);
  }
  return method;
}

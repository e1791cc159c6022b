/**
 * What is secret by its name, and how it is hidden: the value of a header or query parameter, and the user name and
 * password of a URL. Names are always shown.
 */

/** Stands for a value that no report, file or message shows. */
export const SECRET = '(secret)';

/** A name that contains one of these is secret: `X-Amz-Security-Token`, `apikey`, `PHPSESSION`, `Set-Cookie`. */
const PARTS =
  /authorization|bearer|cookie|token|secret|key|passw|passphrase|credential|session|csrf|xsrf|jwt|signature/i;
/** Short words, which are secret as a whole word of a name only: `X-Auth`, `sig`, but not `X-Author`. */
const WORDS = /(?:^|[^a-z])(?:auth|sig|pwd)(?:[^a-z]|$)/i;
const NAMES = new Set(['x-forwarded-client-cert']);

/** Where the value of a query parameter ends. */
const END = /[&#]|$/;
const END_IN_PROSE = /[&#\s]|$/;
/** Where the value of a path parameter ends: `/shop;jsessionid=1?page=2` */
const END_IN_PATH = /[;?&#\s]|$/;

/**
 * Whether the value of a header or query parameter of this name is hidden. Capital and small letters are the same.
 *
 * @param more further secret names
 */
export function isSecretName(name: string, more: readonly string[] = []): boolean {
  const lower = name.toLowerCase();
  return (
    PARTS.test(lower) ||
    WORDS.test(lower) ||
    NAMES.has(lower) ||
    more.some((other) => other.toLowerCase() === lower)
  );
}

/**
 * A URL, or its path and query, without secrets: `//(secret)@host/path?token=(secret)`.
 *
 * @param more further secret names of query parameters
 */
export function maskUrl(url: string, more: readonly string[] = []): string {
  return maskParameters(url.replace(/^([^/?#]*\/\/+)[^/?#]*@/, `$1${SECRET}@`), more, END);
}

/**
 * The same for a text that is not a URL, though it was meant as one. It does not show where a password ends, so that
 * everything before the last `@` may belong to one.
 */
export function maskBrokenUrl(text: string, more: readonly string[] = []): string {
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]*:\/\/)/i.exec(text) ?? [];
  const at = text.lastIndexOf('@');
  return maskUrl(at < scheme.length ? text : `${scheme}${SECRET}${text.slice(at)}`, more);
}

/** A text with URLs in it, without their secrets. */
export function maskUrlsIn(text: string): string {
  return maskParameters(text.replace(/(\/\/)[^/?#\s]*@/g, `$1${SECRET}@`), [], END_IN_PROSE);
}

/** The secret values of the query parameters, as they stand in the URL. */
export function secretParameters(url: string, more: readonly string[] = []): string[] {
  return parametersIn(url, more, END).map(({ from, to }) => url.slice(from, to));
}

function maskParameters(text: string, more: readonly string[], end: RegExp): string {
  let shown = '';
  let at = 0;
  for (const { from, to } of parametersIn(text, more, end)) {
    shown += text.slice(at, from) + SECRET;
    at = to;
  }
  return shown + text.slice(at);
}

/** Where the values of secret parameters stand, in order. A fragment may have parameters as a query has. */
function parametersIn(text: string, more: readonly string[], end: RegExp): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let at = 0;
  for (const match of text.matchAll(/[?&#;]([^=&#;?\s]+)=/g)) {
    const from = match.index + match[0].length;
    if (from <= at || !isSecretName(decoded(match[1] as string), more)) continue;
    at = from + text.slice(from).search(match[0].startsWith(';') ? END_IN_PATH : end);
    found.push({ from, to: at });
  }
  return found;
}

/** Without percent-encoding; a text that is encoded wrongly stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The cookies of one connection to one host (RFC 6265). Of their attributes it obeys Max-Age, Expires, Path and Domain. A
 * cookie without a path is sent with every request, and Secure is not looked at: a gateway is often tested over plain HTTP.
 */
import { hostnameOf } from '../../plan/target/target.js';

/** Cookies of a connection; further ones replace the oldest. */
const MAX_COOKIES = 50;
/** Length of a name and its value together, as in browsers. A longer cookie is ignored. */
const MAX_COOKIE_BYTES = 4096;
/** Length of all of them: gateways refuse requests with more. Further ones replace the oldest. */
const MAX_JAR_BYTES = 16_384;

interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Null: for every path. */
  readonly path: string | null;
  readonly expiresUs: number;
}

export class CookieJar {
  readonly #host: string;
  /** By name and path, the oldest first. */
  readonly #cookies = new Map<string, Cookie>();
  #bytes = 0;

  /** @param host value of the Host header */
  constructor(host: string) {
    this.#host = hostnameOf(host).toLowerCase();
  }

  /**
   * Takes the cookies of a response.
   *
   * @param lines values of its Set-Cookie headers
   * @param nowUs by the clock of {@link header}
   */
  take(lines: readonly string[], nowUs: number): void {
    for (const line of lines) {
      const cookie = readCookie(line, this.#host, nowUs);
      if (cookie === null) continue;
      const key = `${cookie.name};${cookie.path ?? ''}`;
      this.#remove(key);
      if (cookie.expiresUs > nowUs) this.#add(key, cookie);
    }
  }

  /** The Cookie header of a request; null if there is nothing to send. */
  header(target: string, nowUs: number): string | null {
    if (this.#cookies.size === 0) return null;
    const path = target.replace(/[?#].*$/s, '');
    const fitting: Cookie[] = [];
    for (const [key, cookie] of this.#cookies) {
      if (cookie.expiresUs <= nowUs) this.#remove(key);
      else if (cookie.path === null || isUnder(path, cookie.path)) fitting.push(cookie);
    }
    if (fitting.length === 0) return null;
    const length = ({ path: own }: Cookie) => own?.length ?? 0;
    fitting.sort((a, b) => length(b) - length(a));
    return fitting.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  /** Forgets all cookies. */
  clear(): void {
    this.#cookies.clear();
    this.#bytes = 0;
  }

  #add(key: string, cookie: Cookie): void {
    this.#cookies.set(key, cookie);
    this.#bytes += bytesOf(cookie);
    for (const oldest of this.#cookies.keys()) {
      if (this.#cookies.size <= MAX_COOKIES && this.#bytes <= MAX_JAR_BYTES) return;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const cookie = this.#cookies.get(key);
    if (cookie === undefined) return;
    this.#cookies.delete(key);
    this.#bytes -= bytesOf(cookie);
  }
}

function bytesOf({ name, value, path }: Cookie): number {
  return name.length + value.length + (path?.length ?? 0);
}

/** Null for what is no cookie, or one for another host. */
function readCookie(line: string, host: string, nowUs: number): Cookie | null {
  const [pair = '', ...attributes] = line.split(';');
  const [name, value] = splitAt(pair);
  if (name === '' || value === null || !/^[^\x00-\x1f\x7f]*$/.test(pair)) return null;
  let path: string | null = null;
  let maxAgeS: number | null = null;
  let expiresUs = Number.POSITIVE_INFINITY;
  for (const attribute of attributes) {
    const [key, given] = splitAt(attribute);
    const text = given ?? '';
    switch (key.toLowerCase()) {
      case 'path':
        path = text.startsWith('/') ? text : null;
        break;
      case 'domain':
        if (!isOfDomain(host, text.replace(/^\./, '').toLowerCase())) return null;
        break;
      case 'max-age':
        if (/^-?\d+$/.test(text)) maxAgeS = Number(text);
        break;
      case 'expires':
        expiresUs = nowUs + (untilMs(text) ?? Number.POSITIVE_INFINITY) * 1000;
    }
  }
  if (maxAgeS !== null) expiresUs = nowUs + maxAgeS * 1e6;
  const cookie = { name, value, path, expiresUs };
  return bytesOf(cookie) > MAX_COOKIE_BYTES ? null : cookie;
}

/** What stands before and behind the first equals sign; null behind it if there is none. */
function splitAt(text: string): [name: string, value: string | null] {
  const at = text.indexOf('=');
  return at < 0 ? [text.trim(), null] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** An empty domain is that of the host. */
function isOfDomain(host: string, domain: string): boolean {
  return domain === '' || host === domain || host.endsWith(`.${domain}`);
}

function isUnder(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** Milliseconds until a date, which is in UTC; null for a text that is no date with a time. */
function untilMs(date: string): number | null {
  if (!/\d\d?:\d\d:\d\d/.test(date)) return null;
  const atMs = Date.parse(/\bGMT\b/i.test(date) ? date : `${date} GMT`);
  return Number.isNaN(atMs) ? null : atMs - Date.now();
}

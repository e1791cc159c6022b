/** Requests that differ from each other: values are filled in, and cookies are sent back. */
import type { LoadPlan, Target } from '../../plan/plan.js';
import { fill, type RunNumbers } from '../../plan/values/fill.js';
import { type RequestTemplate, readTemplate } from '../../plan/values/request-template.js';
import { CookieJar } from './cookie-jar.js';

export class VaryingRequest {
  private constructor(
    readonly target: Target,
    /** Null if there are no values. */
    readonly template: RequestTemplate | null,
    readonly numbers: RunNumbers,
    readonly keepsCookies: boolean,
  ) {}

  /** Null if all requests of the target are the same, so that it costs nothing. */
  static of(
    target: Target,
    { cookies }: Pick<LoadPlan, 'cookies'>,
    numbers: RunNumbers,
  ): VaryingRequest | null {
    const template = target.values ? readTemplate(target) : null;
    const keepsCookies = cookies === 'connection';
    return template === null && !keepsCookies
      ? null
      : new VaryingRequest(target, template, numbers, keepsCookies);
  }

  /** The jar of a new connection; null if cookies are not kept. */
  newJar(): CookieJar | null {
    return this.keepsCookies ? new CookieJar(this.target.host) : null;
  }

  /**
   * One request as it is sent.
   *
   * @param sequence in the worker's order of sending, from 0
   * @param serial of the connection within the worker, from 1
   * @param jar of that connection
   * @param nowUs by the clock that the jar was given times of
   */
  targetOf(sequence: number, serial: number, jar: CookieJar | null, nowUs: number): Target {
    const filled = this.#filled(sequence, serial);
    const cookies = jar?.header(filled.path, nowUs) ?? null;
    return cookies === null ? filled : { ...filled, headers: withCookies(filled.headers, cookies) };
  }

  #filled(sequence: number, serial: number): Target {
    const { target, template, numbers } = this;
    if (template === null) return target;
    const { path, headers, body } = template;
    return {
      ...target,
      path: fill(path, numbers, sequence, serial),
      headers: headers.map(([name, value]) => [name, fill(value, numbers, sequence, serial)] as const),
      body: body === null ? target.body : Buffer.from(fill(body, numbers, sequence, serial), 'latin1'),
    };
  }
}

/** Cookies that were given come first. There is one such header (RFC 6265, section 5.4). */
function withCookies(headers: Target['headers'], cookies: string): Target['headers'] {
  const isCookie = ([name]: readonly [string, string]) => name.toLowerCase() === 'cookie';
  const given = headers.filter(isCookie).map(([, value]) => value);
  return [...headers.filter((header) => !isCookie(header)), ['cookie', [...given, cookies].join('; ')]];
}

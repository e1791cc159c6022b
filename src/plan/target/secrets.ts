/** Hides what a plan sends as a secret: in its own description, and in what responses tell. */
import { decoded, isSecretName, maskUrl, SECRET, secretParameters } from '../../text/secrets.js';
import type { Plan, Target } from '../plan.js';
import { hasBraces } from '../values/request-template.js';

/** Replaces secrets in a text. */
export type Mask = (text: string) => string;

/** Shorter values are not searched for: they would be found everywhere. */
const MIN_VALUE_LENGTH = 4;
/**
 * The same for parts of a value, such as single cookies, and for values that are cut. A part is often a plain word
 * that stands in responses for another reason: `track=canary`.
 */
const MIN_PART_LENGTH = 8;

type Secrets = Pick<Plan, 'secretHeaders'> & {
  readonly target: Pick<Target, 'headers' | 'path' | 'url' | 'values'>;
};

interface ShownTarget extends Target {
  readonly headers: [name: string, value: string][];
}

/** The target as reports and files show it: without the values of secret headers and query parameters. */
export function shownTarget({ target, secretHeaders }: Pick<Plan, 'target' | 'secretHeaders'>): ShownTarget {
  return {
    ...target,
    url: maskUrl(target.url, secretHeaders),
    path: maskUrl(target.path, secretHeaders),
    headers: target.headers.map(([name, value]) => [
      name,
      isSecretName(name, secretHeaders) ? SECRET : value,
    ]),
  };
}

/**
 * A function that hides the secrets of the requests in a text that came from outside: an echo server sends them back.
 * It finds values as a whole, behind their scheme (`Bearer …`), decoded (Basic), as single cookies, and as JSON and URLs
 * write them. Cut a text only after this: of a value that is cut, it finds no more than a beginning at the text's end,
 * or a text that is nothing but a part of it.
 */
export function maskSecrets(plan: Secrets): Mask {
  const values = secretValues(plan);
  if (values.length === 0) return (text) => text;
  // The longest first: of values that begin alike, a pattern takes the first that fits.
  values.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    values.map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
    'g',
  );
  return (text) => {
    if (text.length >= MIN_PART_LENGTH && values.some((value) => value.includes(text))) return SECRET;
    const masked = text.replace(pattern, SECRET);
    const cut = cutValueAt(masked, values);
    return cut === null ? masked : masked.slice(0, cut) + SECRET;
  };
}

/** Whether requests have any value that {@link maskSecrets} hides. */
export function hasSecrets(plan: Secrets): boolean {
  return secretValues(plan).length > 0;
}

/** Where a value begins that the end of the text cuts; null if none does. */
function cutValueAt(text: string, values: readonly string[]): number | null {
  const starts = values.flatMap((value) => {
    for (let length = Math.min(value.length - 1, text.length); length >= MIN_PART_LENGTH; length -= 1) {
      if (text.endsWith(value.slice(0, length))) return [text.length - length];
    }
    return [];
  });
  return starts.length === 0 ? null : Math.min(...starts);
}

function secretValues({ target, secretHeaders }: Secrets): string[] {
  const headers = target.headers.filter(([name]) => isSecretName(name, secretHeaders));
  const found = [
    ...headers.flatMap(([, value]) => fixedParts(value, target)).flatMap(valuesIn),
    ...secretParameters(target.path, secretHeaders)
      .flatMap((value) => fixedParts(value, target))
      .filter(isLong(MIN_VALUE_LENGTH)),
  ];
  return [...new Set(found.flatMap(writtenForms))].filter(isLong(MIN_VALUE_LENGTH));
}

/** The parts of a text that are the same in each request. A first word (`Bearer {{uuid}}`) is no secret. */
function fixedParts(text: string, { values }: Pick<Target, 'values'>): string[] {
  if (!values || !hasBraces(text)) return [text];
  return text.split(/\{\{[^{}]*\}\}/).filter((part) => !/^\S+\s+$/.test(part));
}

function isLong(length: number): (value: string) => boolean {
  return (value) => value.length >= length;
}

/** A header's value and what is secret in it by itself. */
function valuesIn(value: string): string[] {
  const [, scheme = '', credentials = ''] = /^(\S+)\s+(.*)$/s.exec(value) ?? [];
  const basic = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  const password = basic.slice(basic.indexOf(':') + 1);
  const parts = value.split(/[\s,;]+/).flatMap((part) => [part, part.slice(part.indexOf('=') + 1)]);
  const bare = parts.map((part) => part.replace(/^"(.*)"$/, '$1'));
  return [
    ...[value, credentials, basic, password].filter(isLong(MIN_VALUE_LENGTH)),
    ...bare.filter(isLong(MIN_PART_LENGTH)),
  ];
}

/** The value as a response may write it. Headers are sent as Latin-1, and bodies are read as UTF-8. */
function writtenForms(value: string): string[] {
  return [value, Buffer.from(value, 'latin1').toString('utf8')].flatMap((text) => {
    const json = JSON.stringify(text).slice(1, -1);
    return [
      text,
      decoded(text),
      decoded(text.replaceAll('+', ' ')),
      encodeURIComponent(text),
      json,
      json.replaceAll('/', '\\/'),
      json.replace(/[&<>]|[^\x00-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ];
  });
}

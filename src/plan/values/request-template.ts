/** The templates of a whole request. */
import type { Target } from '../plan.js';
import { type Template, TemplateReader, type TextPlace, type Value } from './template.js';

export interface RequestTemplate {
  readonly path: Template;
  readonly headers: readonly (readonly [name: string, value: Template])[];
  /** Bytes as Latin-1; null for a body without values, or none. */
  readonly body: Template | null;
}

const PATH: TextPlace = { name: () => 'The path', mayShow: true };
const BODY: TextPlace = { name: (option) => option('body'), mayShow: true };

/**
 * Reads the values in a request.
 *
 * @returns null if there are none
 * @throws OptionError for double braces that are no value
 */
export function readTemplate({
  path,
  headers,
  body,
}: Pick<Target, 'path' | 'headers' | 'body'>): RequestTemplate | null {
  const reader = new TemplateReader();
  const template = {
    path: reader.read(path, PATH),
    headers: headers.map(([name, value]) => [name, reader.read(value, headerPlace(name))] as const),
    body: body === null || !hasBraces(body) ? null : reader.read(latin1(body), BODY),
  };
  return reader.values === 0 ? null : template;
}

/** Kinds of values that a request has. */
export function kindsIn({ path, headers, body }: RequestTemplate): ReadonlySet<Value['kind']> {
  const all = [path, ...headers.map(([, value]) => value), body ?? []].flat();
  return new Set(all.flatMap((part) => (typeof part === 'string' ? [] : [part.kind])));
}

/** Whether a text or body may have values. */
export function hasBraces(text: string | Uint8Array): boolean {
  return typeof text === 'string' ? text.includes('{{') : bytesOf(text).includes('{{');
}

/** No error shows what a header has: it may be a secret. */
function headerPlace(header: string): TextPlace {
  return { name: (option) => `${option('headers')}: the value of ${header}`, mayShow: false };
}

function latin1(body: Uint8Array): string {
  return bytesOf(body).toString('latin1');
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

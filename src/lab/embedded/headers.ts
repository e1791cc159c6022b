/** Header lists of the embedded gateway: lower-case names, as Envoy writes them over HTTP/1.1. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { HeaderModifier } from '../../plan/manifests/model.js';

/** Name in lower case → its values in order. */
export type HeaderMap = Map<string, string[]>;

/** Headers that concern one connection only and are not passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The headers to pass on, from node's raw list (name, value, name, value, …). */
export function endToEndHeaders(raw: readonly string[]): HeaderMap {
  const headers: HeaderMap = new Map();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (HOP_BY_HOP.has(name)) continue;
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [raw[i + 1] as string]);
    else values.push(raw[i + 1] as string);
  }
  return headers;
}

/** Applies modifiers one after the other, each removing before it sets and adds, as Envoy does. */
export function modifyHeaders(headers: HeaderMap, modifiers: readonly (HeaderModifier | null)[]): void {
  for (const modifier of modifiers) {
    if (modifier === null) continue;
    for (const name of modifier.remove) headers.delete(name.toLowerCase());
    for (const [name, value] of modifier.set) headers.set(name.toLowerCase(), [value]);
    for (const [name, value] of modifier.add) {
      headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
    }
  }
}

/** For node's writeHead and request. */
export function toNodeHeaders(headers: HeaderMap): OutgoingHttpHeaders {
  return Object.fromEntries(
    [...headers].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

/** Converts response headers of node:http2, a flat list of strings, to the flat list of buffers that lanes have. */

/** Header names whose buffers are made once and reused: a gateway's responses have mostly the same names. */
const MAX_NAMES = 256;
const names = new Map<string, Buffer>();

function nameOf(text: string): Buffer {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = Buffer.from(text, 'latin1');
  if (names.size < MAX_NAMES && text.length <= 64) names.set(text, name);
  return name;
}

/**
 * Converts headers; pseudo headers (`:status`) are left out.
 *
 * @param flat name, value, name, value, …
 * @returns null if names and values together have more than `limitBytes` bytes
 */
export function headerBuffers(flat: readonly string[], limitBytes: number): Buffer[] | null {
  const headers: Buffer[] = [];
  let bytes = 0;
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = flat[index] as string;
    if (name.charCodeAt(0) === 0x3a) continue;
    const value = flat[index + 1] as string;
    bytes += name.length + value.length;
    if (bytes > limitBytes) return null;
    headers.push(nameOf(name), Buffer.from(value, 'latin1'));
  }
  return headers;
}

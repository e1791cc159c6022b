/** Response headers of node:http2, a flat list of strings, as the flat list of buffers that lanes hand on. */

/** Most names of a gateway's responses are the same few: their buffers are made once. */
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
 * @param flat `:status`, value, name, value, …; pseudo headers are left out
 * @returns null where names and values together are more than `limitBytes`
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

/**
 * Response headers as they come from the parser: one flat array of buffers, name, value, name, value, …
 * These functions run for every response: nothing is decoded or allocated for headers that are not asked for.
 */

/**
 * Index of the first header with this name, at its name, or -1.
 * @param lowerCaseName in lower case
 */
function indexOfHeader(headers: readonly Buffer[], lowerCaseName: string): number {
  const length = lowerCaseName.length;
  search: for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i]!;
    if (name.length !== length) continue;
    // From the end: names of one length often begin alike (`x-envoy-…`).
    for (let k = length - 1; k >= 0; k--) {
      let byte = name[k]!;
      if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
      if (byte !== lowerCaseName.charCodeAt(k)) continue search;
    }
    return i;
  }
  return -1;
}

/** Whether there is such a header; the name is given in lower case. */
export function hasHeader(headers: readonly Buffer[], lowerCaseName: string): boolean {
  return indexOfHeader(headers, lowerCaseName) !== -1;
}

/**
 * Value of a header, as Latin-1 and without surrounding white space, or null. Of a header that comes several
 * times it is the first.
 * @param lowerCaseName the name in lower case
 */
export function headerValue(headers: readonly Buffer[], lowerCaseName: string): string | null {
  const index = indexOfHeader(headers, lowerCaseName);
  if (index === -1) return null;
  return headers[index + 1]!.toString('latin1').trim();
}

/** Hash of bytes, four at a time: to read bytes singly costs more than all else that a look-up in a cache does. */

/**
 * MurmurHash3 of 32 bits by Austin Appleby (public domain; seed 0) of `length` bytes from `at` on. The result is a signed integer.
 * It is easy to find bytes with the same hash: where they come from a server, no cost may depend on their absence.
 */
export function hashBytes(bytes: Uint8Array, at: number, length: number): number {
  const end = at + length;
  const last = end - (length & 3);
  let hash = 0;
  let i = at;
  for (; i < last; i += 4) {
    hash ^= scrambled(bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let shift = 0; i < end; i += 1, shift += 8) rest |= bytes[i]! << shift;
  hash ^= scrambled(rest) ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function scrambled(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

/** Headers as a parser hands them over: name, value, name, value, … as buffers. */
export function rawHeaders(...pairs: readonly (readonly [name: string, value: string])[]): Buffer[] {
  return pairs.flat().map((text) => Buffer.from(text, 'latin1'));
}

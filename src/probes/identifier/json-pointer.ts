/** JSON pointers (RFC 6901). */

/** An array index: no sign, no leading zeros. */
const INDEX = /^(?:0|[1-9]\d*)$/;

/**
 * Makes a function that returns the value at a pointer (`/a/0/b`; the empty pointer is the whole document), or
 * undefined if there is none. Inherited properties do not count.
 *
 * @param pointer a valid pointer; label-source.ts checks what users give
 */
export function compilePointer(pointer: string): (json: unknown) => unknown {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return (json) => {
    let value = json;
    for (const key of keys) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      if (Array.isArray(value) && !INDEX.test(key)) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  };
}

/** JSON pointers by RFC 6901. */

/** An array index: no sign, no leading zeros. */
const INDEX = /^(?:0|[1-9]\d*)$/;

/**
 * A function that gives the value at a pointer (`/a/0/b`; `` is the document), or undefined. Only the
 * document's own keys are looked at.
 * @param pointer valid: checked where it was given (label-source.ts)
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

/**
 * Carries values through `new URL`, which would encode their braces and refuse their spaces. Each value stands there as hex
 * digits between two characters for private use. Braces that a URL has percent-encoded stay as they are.
 */

const OPEN = '\ue000';
const CLOSE = '\ue001';
const SHOWN = new RegExp(`${encodeURIComponent(OPEN)}([0-9a-f]*)${encodeURIComponent(CLOSE)}`, 'g');

/** A URL's text with its values hidden. */
export function hideValues(text: string): string {
  return text.replace(
    /\{\{([^{}]*)\}\}/g,
    (_, inside: string) => `${OPEN}${Buffer.from(inside).toString('hex')}${CLOSE}`,
  );
}

/** Whether a value stands before the path. */
export function hasValueInHost(hidden: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*\ue000/i.test(hidden);
}

/** A part of a parsed URL with its values again. */
export function showValues(text: string): string {
  return text.replace(SHOWN, (_, hex: string) => `{{${Buffer.from(hex, 'hex').toString()}}}`);
}

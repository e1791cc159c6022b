/** Field readers that check values by what HTTP and Kubernetes allow: these values end up in requests. */

import { isIPv6 } from 'node:net';
import { re2Problem } from '../../re2.js';
import type { Field } from '../fields.js';

/** Of RFC 9110. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HOSTNAME =
  /^(\*|(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*)$/;

/** The name of an object, as Kubernetes allows it or a little more. */
export function objectName(field: Field): string {
  const text = field.requiredText();
  if (!/^[A-Za-z0-9._-]{1,253}$/.test(text)) field.fail('is not the name of an object');
  return text;
}

/** As `objectName`; null when absent or empty. */
export function optionalName(field: Field): string | null {
  return field.text() ? objectName(field) : null;
}

/** The name of a VirtualService's rule: any text. Null when absent or empty. */
export function ruleName(field: Field): string | null {
  return field.text() || null;
}

/** A header's name, lower case. Throws UserError if it is invalid. */
export function headerName(field: Field, text = field.requiredText()): string {
  if (!TOKEN.test(text)) field.fail('is not the name of a header');
  return text.toLowerCase();
}

/** A header's value. Throws UserError for control characters. */
export function headerValue(field: Field): string {
  const text = field.text() ?? '';
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) field.fail('holds characters that a header may not have');
  return text;
}

/** Name or value of a query parameter. Throws UserError for control characters and halves of characters. */
export function queryText(field: Field, text = field.text() ?? ''): string {
  if (/[\u0000-\u001f\u007f\ud800-\udfff]/u.test(text)) {
    field.fail('holds characters that a query may not have');
  }
  return text;
}

/** A request method, or null when absent. */
export function methodName(field: Field): string | null {
  const text = field.text();
  if (text !== null && !TOKEN.test(text)) field.fail('is not a request method');
  return text;
}

/** A hostname, lower case; it may be `*` or begin with `*.`. */
export function hostname(field: Field, text = field.requiredText()): string {
  const host = text.toLowerCase();
  if (host.length > 253 || !HOSTNAME.test(host)) field.fail('is not a hostname');
  return host;
}

/** A hostname of Istio, lower case, or an IP address: the star may also stand for the beginning of a label, as in `*example.com`. */
export function istioHostname(field: Field, text = field.requiredText()): string {
  if (isIPv6(text)) return text.toLowerCase();
  const beginning = /^\*-?(?=[^.-])/.exec(text)?.[0] ?? '';
  return beginning + hostname(field, text.slice(beginning.length));
}

/** A path or the beginning of one: visible ASCII without query. */
export function pathText(field: Field, fallback: string): string {
  const text = field.text() ?? fallback;
  if (/[^\x21-\x7e]|[?#]/.test(text)) field.fail('holds characters that a path may not have');
  if (!text.startsWith('/')) field.fail('does not begin with /');
  return text;
}

/** A regular expression that gateways can use. */
export function pattern(field: Field, text = field.requiredText()): string {
  const problem = re2Problem(text);
  if (problem !== null) field.fail(`is not a usable regular expression (RE2): ${problem}`);
  return text;
}

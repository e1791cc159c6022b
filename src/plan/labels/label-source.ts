/** `versionFrom` and `endpointFrom`: parses where a label is read in a response, and writes it as text. */
import { OptionError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import type { LabelSource } from '../plan.js';
import { Re2Error } from '../re2.js';
import { compileBodySearch } from './body-search.js';
import { PRESET_NAMES } from './preset-names.js';

/** A field name by RFC 9110, section 5.1. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RE2 reads whole characters, as `u` asks, and has no `v`. */
const FLAGS = /^(?:([imsu])(?!.*\1))*$/;

/**
 * Reads a label source: `header:NAME`, `body:/regex/flags` (the label is the first group that has a value in the
 * match), `json:/pointer` (RFC 6901; `json:` is the whole document), `none`, or a preset's name.
 *
 * Regular expressions are RE2's. A search takes time linear in the body, whatever the expression and the body are.
 * @param option the option's name for error messages, e.g. `versionFrom`
 * @throws OptionError if the text has none of these forms
 */
export function parseLabelSource(text: string, option: string): LabelSource {
  const fail = (why: string): never => {
    throw new OptionError((name) => `${name(option)} "${printable(text)}": ${why}`);
  };
  if (text === 'none') return { from: 'none' };
  const preset = PRESET_NAMES.find((name) => name === text);
  if (preset !== undefined) return { from: 'preset', preset };

  const colon = text.indexOf(':');
  const kind = colon === -1 ? '' : text.slice(0, colon);
  const rest = text.slice(colon + 1);
  switch (kind) {
    case 'header':
      if (!HEADER_NAME.test(rest)) fail('expected a header name, e.g. header:x-version');
      return { from: 'header', name: rest };
    case 'body':
      return bodySource(rest, fail);
    case 'json':
      if (rest !== '' && !rest.startsWith('/')) fail('a JSON pointer begins with /, e.g. json:/version');
      if (/~(?![01])/.test(rest)) fail('in a JSON pointer ~ is written ~0, and / within a key ~1');
      return { from: 'json', pointer: rest };
    default:
      return fail(
        `expected header:NAME, body:/REGEX/, json:/POINTER, none, or one of ${PRESET_NAMES.join(', ')}`,
      );
  }
}

function bodySource(text: string, fail: (why: string) => never): LabelSource {
  const close = text.lastIndexOf('/');
  if (!text.startsWith('/') || close < 1) {
    return fail('expected a regular expression between slashes, e.g. body:/version=(\\S+)/');
  }
  const pattern = text.slice(1, close);
  const flags = text.slice(close + 1);
  if (!FLAGS.test(flags)) return fail('a regular expression may have the flags i, m, s and u, each once');
  if (groupsIn(pattern, flags, fail) === 0)
    return fail('needs a group in parentheses around the label, e.g. body:/backend (\\w+)/');
  return { from: 'body', pattern, flags };
}

function groupsIn(pattern: string, flags: string, fail: (why: string) => never): number {
  try {
    return compileBodySearch(pattern, flags).groups;
  } catch (error) {
    if (error instanceof Re2Error) return fail(`is not a usable regular expression (RE2): ${error.message}`);
    throw error;
  }
}

/** The text that {@link parseLabelSource} reads as this source. */
export function describeLabelSource(source: LabelSource): string {
  switch (source.from) {
    case 'header':
      return `header:${source.name}`;
    case 'body':
      return `body:/${source.pattern}/${source.flags}`;
    case 'json':
      return `json:${source.pointer}`;
    case 'preset':
      return source.preset;
    case 'none':
      return 'none';
  }
}

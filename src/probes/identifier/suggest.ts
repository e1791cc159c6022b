/** Suggests places in a response where a label may be, for users to choose from: headers, JSON values, lines. */
import type { LabelSource } from '../../plan/plan.js';

/** A place in a response, and what the label there may stand for. */
export interface Suggestion {
  readonly source: LabelSource;
  readonly use: 'version' | 'endpoint';
}

const MAX_HEADERS = 20;
const MAX_VALUES = 40;
const MAX_LINES = 20;
/** JSON values that are looked at in a large body. */
const MAX_NODES = 2000;
/** Lines that are looked at in a large body. */
const MAX_LINES_SEARCHED = 200;
/** Longer texts are not suggested. */
const MAX_LABEL_LENGTH = 100;
/** Keys that can be typed on a command line. Others are not suggested. */
const TYPED = /^[ -~]{1,60}$/;

const VERSION_HEADER =
  /(?:^|[-_])(?:version|revision|release|build|commit|variant|colou?r|track|canary|deployment|image|tag)$/i;
const ENDPOINT_HEADER =
  /(?:^|[-_])(?:pod|pod-name|podname|hostname|instance|node|endpoint|replica|served-by|upstream-host)$/i;
/** Headers with versions of protocols and frameworks. */
const OTHER_VERSION = /^(?:x-aspnet|x-aspnetmvc|openai|api|x-api|mime|x-ms|x-amz)-version$/i;
/** JSON keys under which echo servers send the request back. */
const ECHO_KEY = /^(?:request-?)?(?:headers?|cookies|query)$/i;
const ENDPOINT_KEY = /pod|host|instance|node|endpoint|server/i;

/**
 * Headers whose name sounds like a version or an endpoint.
 *
 * @param headers flat: name, value, name, value, …
 */
export function suggestHeaders(headers: readonly Buffer[]): Suggestion[] {
  const names = headers.filter((_, i) => i % 2 === 0).map((name) => name.toString('latin1').toLowerCase());
  return [...new Set(names)]
    .filter((name) => TYPED.test(name) && !OTHER_VERSION.test(name))
    .flatMap((name): Suggestion[] => {
      const source: LabelSource = { from: 'header', name };
      if (VERSION_HEADER.test(name)) return [{ source, use: 'version' }];
      return ENDPOINT_HEADER.test(name) ? [{ source, use: 'endpoint' }] : [];
    })
    .slice(0, MAX_HEADERS);
}

/** Short texts and numbers in a JSON document, in breadth-first order. */
export function suggestPointers(json: unknown): Suggestion[] {
  const found: Suggestion[] = [];
  const open: { readonly pointer: string; readonly key: string; readonly value: unknown }[] = [
    { pointer: '', key: '', value: json },
  ];
  for (let at = 0; at < open.length && found.length < MAX_VALUES; at += 1) {
    const { pointer, key, value } = open[at] as (typeof open)[number];
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        if (open.length === MAX_NODES) break;
        if (ECHO_KEY.test(name)) continue;
        const step = name.replaceAll('~', '~0').replaceAll('/', '~1');
        if (TYPED.test(`${pointer}/${step}`)) {
          open.push({ pointer: `${pointer}/${step}`, key: Array.isArray(value) ? key : name, value: inner });
        }
      }
    } else if (isLabel(value)) {
      const use = ENDPOINT_KEY.test(key) ? 'endpoint' : 'version';
      found.push({ source: { from: 'json', pointer }, use });
    }
  }
  return found;
}

function isLabel(value: unknown): boolean {
  if (typeof value === 'number') return true;
  return (
    typeof value === 'string' &&
    value.length <= MAX_LABEL_LENGTH &&
    /^[^\r\n[{<]*[\p{L}\p{N}][^\r\n]*$/u.test(value)
  );
}

/** Lines `Key: value` and `key=value`: as regular expressions for the first word of the value. */
export function suggestLines(text: string): Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const line of text.split('\n', MAX_LINES_SEARCHED)) {
    const [, start, key] =
      /^(([A-Za-z][\w.-]*(?: [\w.-]+){0,3})(?:: ?|=))[^\s,;"{[]/.exec(line.slice(0, 200)) ?? [];
    if (start === undefined || key === undefined || !TYPED.test(start)) continue;
    const pattern = `^${start.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}([^\\s,;]+)`;
    const use = ENDPOINT_KEY.test(key) ? 'endpoint' : 'version';
    if (!found.has(pattern)) found.set(pattern, { source: { from: 'body', pattern, flags: 'm' }, use });
    if (found.size === MAX_LINES) break;
  }
  return [...found.values()];
}

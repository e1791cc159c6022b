/** How the expression of `body:/…/` is searched in a body: in linear time, by one of two engines. */
import { compileRe2, MAX_PATTERN_LENGTH } from '../re2.js';

/** An expression to search in bodies with `exec`. */
export interface BodySearch {
  readonly regex: Pick<RegExp, 'exec'>;
  /** Number of its groups. */
  readonly groups: number;
}

/**
 * Prepares a search.
 *
 * @param flags of i, m, s and u
 * @throws Re2Error if RE2 does not have the expression, or it is too large
 */
export function compileBodySearch(pattern: string, flags: string): BodySearch {
  const native = nativeRegExp(pattern, flags);
  if (native !== null) return { regex: native, groups: 1 };
  const regex = compileRe2(pattern, flags);
  // Its type does not say that `exec` returns what JavaScript's does.
  return { regex: regex as unknown as Pick<RegExp, 'exec'>, groups: regex.groupCount() };
}

/** A class in brackets; what the two engines read differently, such as `[[:alpha:]]` or `\S`, is left out. */
const CLASS = String.raw`\[\^?(?:[0-9A-Za-z]-[0-9A-Za-z]|\\[dsw/.*+?()[\]{}|^$\\-]|[^\\\[\]^\-\x00-\x1f\x7f-\uffff])+-?\]`;
/** What stands for one character. */
const ATOM = String.raw`(?:\\[dDsSwW/.*+?()[\]{}|^$\\]|${CLASS}|[^\\\[\](){}|^$*+?\x00-\x1f\x7f-\uffff])`;
const ATOMS = new RegExp(ATOM, 'g');
/** Characters, one group that ends with a repeated one, and characters. */
const SIMPLE = new RegExp(`^(\\^?)(${ATOM}*)\\((${ATOM}*)(${ATOM})[+*]\\)(${ATOM}*)$`);
const SPACE = String.raw`\t\n\f\r `;

/**
 * The expression for JavaScript's own engine, if it has a form for which that engine takes linear time too: most that
 * people use have. It is faster on bodies that are all different, and nothing must be loaded.
 *
 * `version=(\S+)`: where the text before the repetition is found, nothing after it can fail. `"version":"([^"]+)"`: what
 * follows cannot occur in the repetition, so no shorter one is better. And what comes before has a character that cannot
 * occur in it either, so a search that begins within a failed repetition ends at once.
 *
 * @returns null if the expression has another form
 */
export function nativeRegExp(pattern: string, flags: string): RegExp | null {
  const shape = pattern.length > MAX_PATTERN_LENGTH || /[is]/.test(flags) ? null : SIMPLE.exec(pattern);
  if (shape === null) return null;
  const [, start, before, inGroup, repeated, after] = shape as unknown as [string, ...Parts];
  const whole = toJavaScript(pattern.slice(start.length));
  try {
    if (after !== '' && !endsClearly(before + inGroup, repeated, after)) return null;
    // `^` with m is after \n only; JavaScript's has other line ends.
    const anchor = flags.includes('m') ? '(?<![^\\n])' : '^';
    return new RegExp(`${start && anchor}${whole}`, 'u');
  } catch {
    // A range such as z-a: RE2's message will say so.
    return null;
  }
}

type Parts = [start: string, before: string, inGroup: string, repeated: string, after: string];

/** Whether neither the first character after the repetition nor one before it can occur in it. */
function endsClearly(before: string, repeated: string, after: string): boolean {
  const inside = new RegExp(`^${toJavaScript(repeated)}$`, 'u');
  const outside = (atom: string) => {
    const literal = /^(?:\\(\W)|([^\\[.]))$/.exec(atom);
    return literal !== null && !inside.test((literal[1] ?? literal[2]) as string);
  };
  return outside((after.match(ATOMS) ?? [''])[0]) && (before.match(ATOMS) ?? []).some(outside);
}

/** White space and the dot are the characters that RE2 means. */
function toJavaScript(pattern: string): string {
  return pattern.replace(/\\.|\[(?:\\.|[^\]\\])+\]|\./g, (atom) => {
    if (atom === '.') return '[^\\n]';
    if (atom === '\\s') return `[${SPACE}]`;
    if (atom === '\\S') return `[^${SPACE}]`;
    return atom.startsWith('[') ? atom.replace(/\\./g, (one) => (one === '\\s' ? SPACE : one)) : atom;
  });
}

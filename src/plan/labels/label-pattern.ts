/** Labels of `--map` with stars, such as `podinfo-*`: each star stands for any characters, or none. */

export function isPattern(label: string): boolean {
  return label.includes('*');
}

/** Whether the pattern fits the whole label. Time is at most the product of their lengths. */
export function fitsPattern(pattern: string, label: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let i = 0; i < label.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (pattern[at] === label[i]) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

/** Those of the patterns that fit, of the longest ones only. Stars do not count. */
export function longestFitting<T extends { readonly pattern: string }>(
  all: readonly T[],
  label: string,
): readonly T[] {
  const length = ({ pattern }: T) => pattern.replaceAll('*', '').length;
  const fitting = all.filter(({ pattern }) => fitsPattern(pattern, label));
  const longest = Math.max(...fitting.map(length));
  return fitting.filter((one) => length(one) === longest);
}

/** Whether the text has the word in it, whatever its case, with no letter or digit before or after it. */
export function hasPart(text: string, word: string): boolean {
  const [all, wanted] = [text.toLowerCase(), word.toLowerCase()];
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1)) {
    const before = all.slice(Math.max(0, at - 2), at);
    const after = all.slice(at + wanted.length, at + wanted.length + 2);
    if (!/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

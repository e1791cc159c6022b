/**
 * Which expected version a label stands for.
 *
 * Responses say `v1`, `hello from backend v1` or `backend-v1-7d9f8b6c5d-x2x4z`; manifests say `backend-v1`.
 * A label that could stand for two versions is an error, which asks for `--map`.
 */
import { OptionError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import type { ExpectedVersion } from '../plan.js';
import { hasPart, isPattern, longestFitting } from './label-pattern.js';
import { findWords } from './whole-words.js';

/** The expected version that a label stands for. */
export type LabelMatch =
  | { readonly kind: 'match'; readonly name: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous'; readonly names: readonly string[] };

type Expected = Pick<ExpectedVersion, 'name' | 'mapped'>;

function segmentsOf(name: string): string[] {
  return [...new Set(name.split('-').filter((segment) => segment !== '' && segment !== name))];
}

/**
 * Words that stand for each expected name: the name itself, then those of its dash-separated segments that
 * no other expected name has (`backend-v1`, `backend-v2` → `v1`, `v2`). Segments that differ only in case count as
 * the same.
 *
 * If there is only one name, only its last segment is used: `backend` would be found in responses of backend-v2 too.
 */
export function candidatesFor(expectedNames: readonly string[]): Map<string, readonly string[]> {
  const names = [...new Set(expectedNames)];
  if (names.length === 1) {
    const name = names[0]!;
    return new Map([[name, [name, ...segmentsOf(name).slice(-1)]]]);
  }
  const folded = new Map<string, Set<string>>();
  for (const name of names) {
    for (const segment of [name, ...segmentsOf(name)]) {
      const owners = folded.get(segment.toLowerCase()) ?? new Set();
      folded.set(segment.toLowerCase(), owners.add(name));
    }
  }
  return new Map(
    names.map((name) => [
      name,
      [name, ...segmentsOf(name).filter((segment) => folded.get(segment.toLowerCase())?.size === 1)],
    ]),
  );
}

/** All words that presets search for in free text: a version's `--map` labels without a star, or else its candidates. */
export function candidateWords(expected: readonly Expected[]): string[] {
  const candidates = candidatesFor(expected.map(({ name }) => name));
  const words = expected.flatMap(({ name, mapped }) =>
    mapped.length > 0 ? mapped.filter((label) => !isPattern(label)) : candidates.get(name)!,
  );
  return [...new Set(words)];
}

/** Whether `longer` has all segments of `shorter` and more: `backend-canary` and `backend`. */
function extendsName(longer: string, shorter: string): boolean {
  const segments = new Set(longer.split('-'));
  const parts = shorter.split('-');
  return longer !== shorter && segments.size > parts.length && parts.every((part) => segments.has(part));
}

function verdict(names: Iterable<string>): LabelMatch | null {
  const found = [...new Set(names)].sort();
  if (found.length === 0) return null;
  if (found.length === 1) return { kind: 'match', name: found[0]! };
  return { kind: 'ambiguous', names: found };
}

/**
 * Returns a function that finds the expected version that a label stands for. The first of these steps that finds one
 * decides; if a step finds two, the label is ambiguous:
 *
 * 1. an equal `--map` label; a version with such labels is skipped in steps 2, 4 and 5,
 * 2. an equal expected name,
 * 3. the longest pattern of `--map` that fits (label-pattern.ts), unless the label has a word that steps 4 or 5 look for and the
 *    pattern has not: `podinfo-*` does not stand for `podinfo-primary-6d4cf56db6-x2x4z` if `primary` is expected,
 * 4. the expected name as a whole word of the label (whole-words.ts),
 * 5. a segment of the name that no other expected name has, as a whole word.
 *
 * Exception: `backend canary` matches `backend` in step 4, but stands for `backend-canary` if that is expected too.
 */
export function makeMatcher(expected: readonly Expected[]): (label: string) => LabelMatch {
  const mapped = new Map<string, string[]>();
  const patterns: { readonly pattern: string; readonly name: string }[] = [];
  for (const { name, mapped: labels } of expected) {
    for (const label of labels) mapped.set(label, [...(mapped.get(label) ?? []), name]);
    patterns.push(...labels.filter(isPattern).map((pattern) => ({ pattern, name })));
  }
  const names = expected.map(({ name }) => name);
  const open = new Set(expected.filter((version) => version.mapped.length === 0).map(({ name }) => name));
  const ownerOfSegment = new Map<string, string>();
  for (const [name, [, ...segments]] of candidatesFor(names)) {
    if (open.has(name)) for (const segment of segments) ownerOfSegment.set(segment, name);
  }
  const segments = [...ownerOfSegment.keys()];
  const words = [...open, ...segments];
  const byPattern = (label: string): LabelMatch | null => {
    const longest = longestFitting(patterns, label);
    const isForeign = (word: string) =>
      hasPart(label, word) && !longest.every(({ pattern }) => hasPart(pattern, word));
    if (longest.length === 0 || words.some(isForeign)) return null;
    return verdict(longest.map(({ name }) => name));
  };

  return (label) => {
    const byMap = verdict(mapped.get(label) ?? []);
    if (byMap !== null) return byMap;
    if (open.has(label)) return { kind: 'match', name: label };
    const fitting = patterns.length === 0 ? null : byPattern(label);
    if (fitting !== null) return fitting;
    // Names of mapped versions are looked for as well: they cover shorter names inside them.
    const whole = findWords(label, names).map(({ word }) => word);
    const byName = verdict(whole.filter((name) => open.has(name)));
    if (byName !== null && byName.kind !== 'match') return byName;
    const owners = findWords(label, segments).map(({ word }) => ownerOfSegment.get(word)!);
    if (byName === null) return verdict(owners) ?? { kind: 'none' };
    return verdict(owners.filter((owner) => extendsName(owner, byName.name))) ?? byName;
  };
}

/** How reports name the version of a label: the expected name that it stands for, or else the label as read. */
export function versionNameOf(label: string, match: LabelMatch): string {
  return match.kind === 'match' ? match.name : label;
}

/**
 * The error for a label that could stand for several expected versions.
 * @param labelsSeen all labels read so far, in order
 */
export function ambiguousLabelError(
  label: string,
  names: readonly string[],
  labelsSeen: readonly string[],
): OptionError {
  const shown = labelsSeen.slice(0, 8).map((seen) => `  ${inDoubleQuotes(seen)}`);
  const more = labelsSeen.length > shown.length ? [`  … and ${labelsSeen.length - shown.length} more`] : [];
  return new OptionError((name) =>
    [
      `The label ${inDoubleQuotes(label)} could stand for ${names.map((version) => printable(version)).join(' or ')}.`,
      'Labels read in the answers:',
      ...shown,
      ...more,
      `Say which label belongs to which version, e.g. ${name('map')} ${mapArgument(names[0] ?? 'NAME', label)}`,
    ].join('\n'),
  );
}

function inDoubleQuotes(label: string): string {
  return `"${printable(label, 80)}"`;
}

function mapArgument(name: string, label: string): string {
  const text = `${printable(name)}=${printable(label, 80)}`;
  return /^[\w.=:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The expected shares: from given weights, or from the weights of a route's rule. */
import { sum } from '../collections.js';
import { OptionError, type OptionNamer } from '../errors.js';
import { printable } from '../text/printable.js';
import { isPattern } from './labels/label-pattern.js';
import type { RouteRule } from './manifests/model.js';
import type { ExpectedVersion } from './plan.js';
import type { LabelMap, Weights } from './plan-options.js';
import { MAX_WEIGHT } from './ranges.js';

/** Each version has its own histograms. The Gateway API allows 16 backends per rule. */
export const MAX_VERSIONS = 128;
/** Labels are cut there (probes/identifier): a longer name or label never stands in a response. */
const MAX_NAME_LENGTH = 256;
/** As many versions as a run keeps apart. */
const MAX_MAPPED = 4096;
/** Shares are written with all their digits, so they differ from their weights' by rounding only. */
const SHARE_ROUNDING = 1e-9;

/**
 * The expected versions by given weights. Weights are relative: 90 and 10, 9 and 1, 0.9 and 0.1 mean the same. A version
 * with weight 0 must not answer.
 *
 * @throws OptionError naming `expect`, if a weight is not a number from 0 to 1,000,000, or all are 0
 */
export function expectedVersions(given: Weights): ExpectedVersion[] {
  const weights = new Map(entriesOf(given));
  for (const [version, weight] of weights) {
    // Texts, as JavaScript callers may give, would be joined instead of added.
    if (version !== '' && typeof weight === 'number' && weight >= 0 && weight <= MAX_WEIGHT) continue;
    const text = printable(`${version}=${weight}`);
    throw new OptionError((name) =>
      version === ''
        ? `${name('expect')}: '${text}' names no version.`
        : `${name('expect')}: the weight in '${text}' is not a number from 0 to ${MAX_WEIGHT}.`,
    );
  }
  if (sum(weights.values()) === 0) {
    throw new OptionError((name) => `${name('expect')}: all weights are 0, so no share can be expected.`);
  }
  return withShares(weights, (name) => name('expect'));
}

/**
 * The expected versions by a rule: its backends. Weights of the same name are added.
 *
 * @param place how errors name the rule
 * @param noBackends what they say of a rule without backends
 * @throws OptionError if the rule sends no request to a backend
 */
export function expectedFromRule(
  rule: RouteRule,
  place: string,
  noBackends = 'has no backends.',
): ExpectedVersion[] {
  const fail = (why: string) =>
    new OptionError(
      (name) =>
        `${place} ${why} Choose another rule with ${name('rule')} N|NAME, or say what to expect with ${name('expect')} v1=90,v2=10.`,
    );
  if (rule.answersItself !== null) {
    throw fail(`is answered by the gateway itself (${rule.answersItself}).`);
  }
  const weights = new Map<string, number>();
  for (const { name, weight } of rule.backends) weights.set(name, (weights.get(name) ?? 0) + weight);
  if (weights.size === 0) throw fail(noBackends);
  if (sum(weights.values()) === 0) {
    throw fail('gives every backend the weight 0: a gateway answers 500.');
  }
  return withShares(weights, () => place);
}

/** @throws OptionError naming `option`, if the version is not expected */
export function checkExpected(
  version: string,
  expected: readonly ExpectedVersion[] | null,
  option: string,
): void {
  if (expected?.some(({ name }) => name === version)) return;
  const names = (expected ?? []).map(({ name }) => printable(name)).join(', ');
  const which = names === '' ? '; none is expected.' : `; these are: ${names}.`;
  throw new OptionError(
    (name) => `${name(option)}: '${printable(version)}' is not an expected version${which}`,
  );
}

/**
 * Adds labels to the expected versions: what stands for each in responses. A label may be a pattern with stars.
 *
 * @throws OptionError naming `map`, for unknown versions and for a label that stands for two
 */
export function applyMap(expected: readonly ExpectedVersion[], map: LabelMap): ExpectedVersion[] {
  const owners = new Map<string, string>();
  const isExpected = (version: string) => expected.some(({ name }) => name === version);
  for (const [version, labels] of pairsOf(map, isExpected)) {
    checkExpected(version, expected, 'map');
    for (const label of labels) {
      checkLength(label, (name) => name('map'));
      const owner = owners.get(label);
      if (owner !== undefined && owner !== version) throw standsForTwo(label, owner, version);
      owners.set(label, version);
    }
  }
  if (owners.size > MAX_MAPPED) {
    throw new OptionError((name) => `${name('map')}: ${owners.size} labels are more than ${MAX_MAPPED}.`);
  }
  return expected.map((version) => ({
    ...version,
    mapped: [...owners].filter(([, owner]) => owner === version.name).map(([label]) => label),
  }));
}

/**
 * The expected versions of a saved run, held against the rules that they were made by.
 *
 * @throws OptionError naming `expect` or `map`
 */
export function expectedAsSaved(saved: readonly ExpectedVersion[]): ExpectedVersion[] {
  const weights = new Map(saved.map(({ name, weight }) => [name, weight]));
  const fail = (why: string) => new OptionError((name) => `${name('expect')} ${why}.`);
  if (weights.size < saved.length) throw fail('names a version twice');
  if (weights.has('')) throw fail('has a version without a name');
  if (sum(weights.values()) === 0) throw fail('has no weight above 0');
  const expected = withShares(weights, (name) => name('expect'));
  const wrong = expected.find(({ share }, i) => !(Math.abs(share - (saved[i]?.share ?? 0)) < SHARE_ROUNDING));
  if (wrong !== undefined) {
    throw fail(`has a share for '${printable(wrong.name)}' that does not follow from the weights`);
  }
  return applyMap(expected, new Map(saved.map(({ name, mapped }) => [name, mapped])));
}

/** Versions with their labels. A pattern of labels may also come first, as in `podinfo-*=canary`: no version is called so. */
function pairsOf(map: LabelMap, isExpected: (version: string) => boolean): [string, readonly string[]][] {
  return entriesOf<string | readonly string[]>(map).flatMap(
    ([first, second]): [string, readonly string[]][] => {
      const others = [second].flat();
      return isPattern(first) && !isExpected(first) && others.every(isExpected)
        ? others.map((version) => [version, [first]])
        : [[first, others]];
    },
  );
}

function checkLength(text: string, place: (name: OptionNamer) => string): void {
  if (text.length <= MAX_NAME_LENGTH) return;
  throw new OptionError(
    (name) =>
      `${place(name)}: '${printable(text)}' has more than ${MAX_NAME_LENGTH} characters; no label is longer.`,
  );
}

function standsForTwo(label: string, first: string, second: string): OptionError {
  return new OptionError(
    (name) =>
      `${name('map')}: '${printable(label)}' cannot stand for both ${printable(first)} and ${printable(second)}.`,
  );
}

function entriesOf<T>(given: Readonly<Record<string, T>> | ReadonlyMap<string, T>): [string, T][] {
  return given instanceof Map ? [...given] : Object.entries(given as Readonly<Record<string, T>>);
}

/** @param place how errors name the source of the weights */
function withShares(
  weights: ReadonlyMap<string, number>,
  place: (name: OptionNamer) => string,
): ExpectedVersion[] {
  if (weights.size > MAX_VERSIONS) {
    throw new OptionError(
      (name) => `${place(name)} has ${weights.size} versions; at most ${MAX_VERSIONS} can be weighed.`,
    );
  }
  for (const version of weights.keys()) checkLength(version, place);
  const total = sum(weights.values());
  return [...weights].map(([name, weight]) => ({ name, weight, share: weight / total, mapped: [] }));
}

/** What shares are expected: from `--expect`, or from the weights of a route's rule. */
import { sum } from '../collections.js';
import { UserError } from '../errors.js';
import { printable } from '../text/printable.js';
import type { RouteRule } from './manifests/model.js';
import type { ExpectedVersion } from './plan.js';

/** Each has histograms of its own; the Gateway API allows 16 backends a rule. */
const MAX_VERSIONS = 128;

const EXAMPLE = 'Write it as --expect v1=90,v2=10.';

/**
 * Reads `--expect v1=90,v2=10`. Weights are relative: 90 and 10, 9 and 1, 0.9 and 0.1 say the same; 0 means
 * that nothing may come.
 *
 * @param values one text per flag; what they list is put together
 * @throws UserError naming --expect
 */
export function parseExpect(values: readonly string[]): ExpectedVersion[] {
  const weights = new Map<string, number>();
  for (const item of values.flatMap((value) => value.split(','))) {
    const at = item.lastIndexOf('=');
    const name = item.slice(0, Math.max(0, at)).trim();
    const number = item.slice(at + 1).trim();
    const shown = printable(item.trim());
    if (item.trim() === '') throw new UserError(`--expect: a version is missing. ${EXAMPLE}`);
    if (at < 0) throw new UserError(`--expect: '${shown}' has no weight. ${EXAMPLE}`);
    if (name === '') throw new UserError(`--expect: '${shown}' names no version. ${EXAMPLE}`);
    if (!/^\d+(\.\d+)?$/.test(number) || Number(number) > 1_000_000) {
      throw new UserError(`--expect: the weight in '${shown}' is not a number from 0 to 1000000. ${EXAMPLE}`);
    }
    if (weights.has(name)) throw new UserError(`--expect: '${printable(name)}' is there twice. ${EXAMPLE}`);
    weights.set(name, Number(number));
  }
  if (sum(weights.values()) === 0)
    throw new UserError('--expect: all weights are 0, so no share can be expected.');
  return withShares(weights, '--expect');
}

/**
 * The versions of a rule: its backends, those of the same name put together.
 *
 * @param place the rule as errors name it
 * @throws UserError when the rule sends nothing to a backend
 */
export function expectedFromRule(rule: RouteRule, place: string): ExpectedVersion[] {
  const otherwise =
    'Choose another rule with --rule N|NAME, or say what to expect with --expect v1=90,v2=10.';
  if (rule.answersItself !== null) {
    throw new UserError(`${place} is answered by the gateway itself (${rule.answersItself}). ${otherwise}`);
  }
  const weights = new Map<string, number>();
  for (const { name, weight } of rule.backends) weights.set(name, (weights.get(name) ?? 0) + weight);
  if (weights.size === 0) throw new UserError(`${place} has no backends. ${otherwise}`);
  if (sum(weights.values()) === 0) {
    throw new UserError(`${place} gives every backend the weight 0: a gateway answers 500. ${otherwise}`);
  }
  return withShares(weights, place);
}

/**
 * Reads `--map NAME=LABEL`: what stands in responses for an expected version.
 *
 * @param values one text per flag; a version may have several labels
 * @throws UserError naming --map, for unknown versions and for a label that stands for two
 */
export function applyMap(expected: readonly ExpectedVersion[], values: readonly string[]): ExpectedVersion[] {
  const owners = new Map<string, string>();
  for (const value of values) {
    const at = value.indexOf('=');
    const [name, label] = [value.slice(0, Math.max(0, at)).trim(), value.slice(at + 1).trim()];
    if (at < 0 || name === '' || label === '') {
      throw new UserError(
        `--map: '${printable(value)}' is not NAME=LABEL. Write it as --map backend-v1=blue.`,
      );
    }
    if (!expected.some((version) => version.name === name)) {
      const names = expected.map((version) => printable(version.name)).join(', ');
      throw new UserError(`--map: '${printable(name)}' is not an expected version; these are: ${names}.`);
    }
    const owner = owners.get(label);
    if (owner !== undefined && owner !== name) {
      throw new UserError(
        `--map: '${printable(label)}' cannot stand for both ${printable(owner)} and ${printable(name)}.`,
      );
    }
    owners.set(label, name);
  }
  return expected.map((version) => ({
    ...version,
    mapped: [...owners].filter(([, owner]) => owner === version.name).map(([label]) => label),
  }));
}

function withShares(weights: ReadonlyMap<string, number>, place: string): ExpectedVersion[] {
  if (weights.size > MAX_VERSIONS) {
    throw new UserError(`${place} has ${weights.size} versions; at most ${MAX_VERSIONS} can be weighed.`);
  }
  const total = sum(weights.values());
  return [...weights].map(([name, weight]) => ({ name, weight, share: weight / total, mapped: [] }));
}

/** The verdict in one sentence: which checks decided. */
import type { Check, RunResult } from '../analysis/result.js';
import { plain } from '../text/numbers.js';

/** At most so many checks are named. */
const MAX_NAMED = 2;

/** `v2 got 10.3 % (10 % ± 2), errors below 1 %`; empty when nothing was judged. */
export function headline(result: RunResult): string {
  const { verdict, checks, ended } = result;
  if (verdict === null) return '';
  if (ended === 'failed' && verdict === 'inconclusive') return 'the run broke off, so it cannot pass';
  const deciding = checks.filter((check) => check.verdict === verdict);
  if (deciding.length === 0) return '';
  if (verdict === 'pass') return passed(result);
  const shown = mostTelling(deciding, result);
  const named = shown.slice(0, MAX_NAMED).map(({ text }) => text);
  const more = shown.length - named.length;
  const rest = more > 0 ? ` and ${more} more` : '';
  const splitKept =
    verdict === 'fail' && kindOf(deciding, 'split').length === 0 && kindOf(checks, 'split').length > 0;
  const kept = splitKept && kindOf(checks, 'split').every((check) => check.verdict === 'pass');
  return `${named.join('; ')}${rest}${kept ? ' (split kept)' : ''}`;
}

function passed({ checks, versions, split: weighed }: RunResult): string {
  const shares = withoutBaseline(kindOf(checks, 'split'), versions);
  const split =
    shares.length > MAX_NAMED
      ? [
          `${shares.length + 1} shares within ${weighed?.tolerancePoints == null ? 'their tolerances' : `± ${plain(weighed.tolerancePoints)} points`}`,
        ]
      : shares.map(({ text }) => text);
  const limits = new Set(kindOf(checks, 'errors').map(({ bound }) => bound[1]));
  const [limit = null] = limits;
  const errors =
    limits.size === 0
      ? []
      : [limits.size > 1 ? 'errors below their limits' : `errors below ${plain((limit ?? 0) * 100)} %`];
  const others = checks.filter((check) => /^error-increase/.test(check.name)).length;
  const slow = checks.filter(({ name }) => /^latency(-ratio)?\//.test(name)).map(({ text }) => text);
  const latency = slow.length > MAX_NAMED ? [`${slow.length} limits of latency kept`] : slow;
  return [...split, ...errors, ...latency, ...(others === 0 ? [] : ['no more than the baseline'])].join(', ');
}

/**
 * What people look for first: versions before the whole run, which fails with them; of shares, that of the smallest version,
 * because the others follow from it.
 */
function mostTelling(checks: readonly Check[], { versions }: RunResult): readonly Check[] {
  const shares = withoutBaseline(kindOf(checks, 'split'), versions);
  // That a version got no request is said of its share already.
  const errors = kindOf(checks, 'errors').filter(({ figure }) => figure !== null || shares.length === 0);
  const ofVersions = errors.filter(({ name }) => name !== 'errors');
  const others = checks.filter(({ name }) => !/^(sent|split|errors)(\/|$)/.test(name));
  const sent = kindOf(checks, 'sent');
  return [...sent, ...shares, ...(ofVersions.length > 0 ? ofVersions : errors), ...others];
}

function kindOf(checks: readonly Check[], kind: string): Check[] {
  return checks.filter(({ name }) => name === kind || name.startsWith(`${kind}/`));
}

/** Shares without that of the largest version, unless it is the only one; the smallest expected ones first. */
function withoutBaseline(checks: readonly Check[], versions: RunResult['versions']): Check[] {
  const expected = (check: Check) =>
    versions.find(({ version }) => check.name === `split/${version}`)?.expectedShare ?? -1;
  const largest = Math.max(...versions.map(({ expectedShare }) => expectedShare ?? -1));
  const sorted = [...checks].sort((a, b) => expected(a) - expected(b));
  const baseline = sorted.findLastIndex((check) => expected(check) === largest);
  return sorted.length > 1 ? sorted.filter((_, i) => i !== baseline) : sorted;
}

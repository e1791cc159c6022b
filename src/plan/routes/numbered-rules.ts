/** Rules with the numbers by which `--rule` chooses one, and as lists in errors. */
import { UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { describeBackends, describeMatch, describeRule } from '../manifests/describe.js';
import type { ManifestSet, Route, RouteRule } from '../manifests/model.js';
import { ROUTE_KINDS } from '../manifests/readers/index.js';
import type { GivenRequest } from './request-match.js';

/** A rule with its number for `--rule`: 1-based, over all rules in the order read. */
export interface NumberedRule {
  readonly number: number;
  readonly route: Route;
  readonly rule: RouteRule;
}

/** Rules and names that a list in an error has at most. */
const MAX_LISTED = 20;

/** All rules, in the order read. */
export function numberRules(set: ManifestSet): NumberedRule[] {
  return set.routes
    .flatMap((route) => route.rules.map((rule) => ({ route, rule })))
    .map((one, index) => ({ number: index + 1, ...one }));
}

/** The rules as a list, one a line. */
export function list(rules: readonly NumberedRule[]): string {
  const lines = rules.slice(0, MAX_LISTED).map(({ number, route, rule }) => {
    const [match = null] = rule.matches;
    const hosts = printable(route.hostnames.slice(0, 3).join(', ')) || 'any host';
    return `  ${number}  ${describeRule(route, rule)}: ${hosts}, ${describeMatch(match)} -> ${describeBackends(rule)}`;
  });
  if (rules.length > MAX_LISTED) lines.push(`  … and ${rules.length - MAX_LISTED} more`);
  return lines.join('\n');
}

/** The names in one line, each once. */
export function listNames(names: Iterable<string>): string {
  const distinct = [...new Set(names)].map((name) => printable(name));
  return distinct.slice(0, MAX_LISTED).join(', ') + (distinct.length > MAX_LISTED ? ', …' : '');
}

export function ambiguous(rules: readonly NumberedRule[], why: string): UserError {
  return new UserError(`Several rules ${why}. Choose one with --rule N|NAME:\n${list(rules)}`);
}

export function noRules(set: ManifestSet): UserError {
  const skipped = set.skipped.slice(0, 5).map((line) => `\n  ${line}`);
  return new UserError(
    `The manifests hold no ${ROUTE_KINDS} with a rule; give one with -f.${skipped.join('')}`,
  );
}

export function noneFits(
  rules: readonly NumberedRule[],
  request: GivenRequest,
  host: string | null,
): UserError {
  const sent = printable(`${request.method ?? 'GET'} ${request.path ?? '/'}`);
  return new UserError(
    `No rule for ${printable(host ?? 'any host')} answers ${sent}: a gateway would say 404. Give another path in the URL, or choose a rule with --rule N|NAME:\n${list(rules)}`,
  );
}

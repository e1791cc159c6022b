/** Numbers rules, so that the option `rule` can choose one, and lists them in errors. */
import { OptionError, type OptionNamer } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { describeBackends, describeMatch, describeRule } from '../manifests/describe.js';
import type { ManifestSet, Route, RouteRule } from '../manifests/model.js';
import { ROUTE_KINDS } from '../manifests/readers/index.js';
import { resourceLabel } from '../manifests/resource.js';
import { routesOfGateways } from './parents.js';
import type { Entry } from './precedence.js';
import { describeRequest, type GivenRequest } from './request-match.js';

/** A rule with its number for the option `rule`: from 1, over all rules in the order read. */
export interface NumberedRule {
  readonly number: number;
  readonly route: Route;
  readonly rule: RouteRule;
}

/** Rules and names that a list in an error has at most. */
const MAX_LISTED = 20;

/** All rules that gateways may serve, in the order read. */
export function numberRules(set: ManifestSet): NumberedRule[] {
  return routesOfGateways(set)
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

/** @param why what cannot be decided; called with the namer of the error's options */
export function ambiguous(rules: readonly NumberedRule[], why: (name: OptionNamer) => string): OptionError {
  return new OptionError(
    (name) => `Several rules ${why(name)}. Choose one with ${name('rule')} N|NAME:\n${list(rules)}`,
  );
}

export function noRules(set: ManifestSet): OptionError {
  const skipped = set.skipped.slice(0, 5).map((line) => `\n  ${line}`);
  return new OptionError(
    (name) =>
      `The manifests contain no ${ROUTE_KINDS} with a rule; give one with ${name('manifests')}.${skipped.join('')}`,
  );
}

/** VirtualServices are there, and no gateway serves them. */
export function noneServed(rules: readonly NumberedRule[]): OptionError {
  const routes = new Set(rules.map(({ route }) => resourceLabel(route.ref)));
  return new OptionError(
    (name) =>
      `No Gateway of the manifests serves ${listNames(routes)}: compare its gateways, hosts and exportTo with the Gateway's servers, or choose a rule with ${name('rule')} N|NAME:\n${list(rules)}`,
  );
}

/** @param entry the match that answers if a condition is met of which neither manifests nor request tell */
export function undecided(rules: readonly NumberedRule[], { route, rule, match }: Entry): OptionError {
  return new OptionError(
    (name) =>
      `It cannot be told whether requests meet the conditions of ${describeRule(route, rule)} (${describeMatch(match)}). Add the manifests of the gateway with ${name('manifests')} (its Gateway, and the Deployment of its pods), or choose a rule with ${name('rule')} N|NAME:\n${list(rules)}`,
  );
}

/** @param entry a match whose rule is in a VirtualService that the manifests do not have */
export function delegateMissing(rules: readonly NumberedRule[], { route, rule }: Entry): OptionError {
  const { namespace = '', name = '' } = rule.delegate ?? {};
  return new OptionError(
    (option) =>
      `${describeRule(route, rule)} takes this request and delegates it to VirtualService ${printable(`${namespace}/${name}`)}, which is not among the manifests: what is expected of its part cannot be told. Add it with ${option('manifests')}, give another path in the URL, or choose a rule with ${option('rule')} N|NAME:\n${list(rules)}`,
  );
}

export function noneFits(
  rules: readonly NumberedRule[],
  request: GivenRequest,
  host: string | null,
): OptionError {
  const sent = describeRequest(request);
  return new OptionError(
    (name) =>
      `No rule for ${printable(host ?? 'any host')} answers ${sent}: a gateway would answer 404. Give another path in the URL, or choose a rule with ${name('rule')} N|NAME:\n${list(rules)}`,
  );
}

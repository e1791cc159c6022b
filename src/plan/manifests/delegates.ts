/** Puts the rules of delegates in place of the rules that name them. */
import { mergeMatches } from './delegated-matches.js';
import type { Route, RouteRule } from './model.js';
import { resourceLabel } from './resource.js';

/**
 * Follows the delegates of VirtualServices, as istiod does (istio/istio, pilot/pkg/model/virtualservice_controller.go and
 * virtualservice.go): a VirtualService without hosts is no route, but what others delegate to. A rule whose delegate is
 * not among the routes stays, and answers by itself: nobody knows with what.
 *
 * @param skipped gathers what is not used, one readable line each
 */
export function followDelegates(routes: readonly Route[], skipped: string[]): Route[] {
  const isDelegate = ({ dialect, hostnames }: Route) => dialect.order === 'written' && hostnames.length === 0;
  const delegates = routes.filter(isDelegate);
  const used = new Set<Route>();
  const followed = routes
    .filter((route) => !isDelegate(route))
    .map((route) => {
      if (route.rules.every(({ delegate }) => !delegate)) return route;
      return {
        ...route,
        rules: route.rules.flatMap((rule) => follow(route, rule, delegates, used, skipped)),
      };
    });
  for (const { ref } of delegates.filter((one) => !used.has(one))) {
    const { file, document, line } = ref.source;
    skipped.push(
      `${file}: document ${document}, line ${line}: ${resourceLabel(ref)} has no hosts, and no VirtualService delegates to it: not used`,
    );
  }
  return followed;
}

function follow(
  root: Route,
  rule: RouteRule,
  delegates: readonly Route[],
  used: Set<Route>,
  skipped: string[],
): RouteRule[] {
  const { delegate } = rule;
  if (!delegate) return [rule];
  const label = `${delegate.namespace}/${delegate.name}`;
  const say = (what: string) => {
    const { file, document } = root.ref.source;
    skipped.push(
      `${file}: document ${document}, line ${rule.line}: ${resourceLabel(root.ref)}: rule ${rule.index + 1}: ${what}`,
    );
  };
  const found = delegates.find(
    ({ ref }) => ref.name === delegate.name && ref.namespace === delegate.namespace,
  );
  if (found === undefined) {
    say(`its delegate ${label} is not among the manifests: nothing is said of its part`);
    return [{ ...rule, answersItself: `the delegate ${label}, which is not among the manifests` }];
  }
  used.add(found);
  if (found.exportTo !== undefined && !found.exportTo.includes(root.ref.namespace)) {
    say(`its delegate ${label} is not exported to ${root.ref.namespace}: the rule is not used`);
    return [];
  }
  return found.rules.flatMap((one) => {
    if (one.delegate) {
      say(`rule ${one.index + 1} of its delegate ${label} delegates again, which Istio refuses: not used`);
      return [];
    }
    const matches = mergeMatches(rule.matches, one.matches);
    if (matches === null) {
      say(`rule ${one.index + 1} of its delegate ${label} matches what the rule does not: not used`);
      return [];
    }
    return [merge(rule, one, matches, { ...delegate, ruleIndex: one.index })];
  });
}

/** The delegate's rule with what it leaves open from the root's. */
function merge(
  root: RouteRule,
  one: RouteRule,
  matches: RouteRule['matches'],
  delegate: RouteRule['delegate'],
): RouteRule {
  const ownHeaders = one.requestHeaders !== null || one.responseHeaders !== null;
  return {
    ...one,
    index: root.index,
    line: root.line,
    name: root.name !== null && one.name !== null ? `${root.name}-${one.name}` : (one.name ?? root.name),
    matches,
    delegate: delegate ?? null,
    requestHeaders: (ownHeaders ? one : root).requestHeaders,
    responseHeaders: (ownHeaders ? one : root).responseHeaders,
    mirrors: one.mirrors.length > 0 ? one.mirrors : root.mirrors,
    timeouts: one.timeouts.requestMs === null ? root.timeouts : one.timeouts,
    retries: one.retries ?? root.retries,
    fault: one.fault ?? root.fault,
    answersItself: one.answersItself ?? root.answersItself,
    reply: one.reply ?? root.reply ?? null,
  };
}

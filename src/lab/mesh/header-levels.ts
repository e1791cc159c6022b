/** On which level a rule's header modifiers are applied. */
import type { Backend, HeaderModifier, RouteRule } from '../../plan/manifests/model.js';

/** Modifiers of a request or a response, each list in the order of application: first the backend's, then the route's. */
export interface HeaderLevels {
  readonly backend: readonly (HeaderModifier | null)[];
  readonly route: readonly (HeaderModifier | null)[];
}

/**
 * With one backend that gets traffic istiod writes its modifiers on the route, behind the rule's; else they are on
 * the backend's weighted cluster, which Envoy applies before the route's.
 *
 * @param single the rule has one backend with a weight above 0
 */
export function headerLevels(
  rule: RouteRule,
  backend: Backend | null,
  side: 'requestHeaders' | 'responseHeaders',
  single: boolean,
): HeaderLevels {
  const ofBackend = backend === null ? [] : [backend[side]];
  return single
    ? { backend: [], route: [rule[side], ...ofBackend] }
    : { backend: ofBackend, route: [rule[side]] };
}

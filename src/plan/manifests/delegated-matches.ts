/** How the conditions of a rule and of its delegate combine: istiod's `mergeHTTPMatchRequests` (pilot/pkg/model/virtualservice.go). */
import type { Arrival, RouteMatch, ValueMatch } from './model.js';

/**
 * Both lists of matches as one: each pair that agrees. A delegate's match must be narrower than one of the root's.
 *
 * @returns null if a match of the delegate agrees with none of the root's: the rule is not used then
 */
export function mergeMatches(
  root: readonly RouteMatch[],
  delegate: readonly RouteMatch[],
): readonly RouteMatch[] | null {
  if (root.length === 0) return delegate;
  if (delegate.length === 0) return root;
  const merged = delegate.map((leaf) =>
    root.filter((one) => agree(one, leaf)).map((one) => merge(one, leaf)),
  );
  return merged.some((pairs) => pairs.length === 0) ? null : merged.flat();
}

function merge(root: RouteMatch, leaf: RouteMatch): RouteMatch {
  return {
    path: leaf.path ?? root.path,
    ignorePathCase: leaf.ignorePathCase === true,
    method: methodOf(leaf) === undefined ? root.method : leaf.method,
    headers: both(root.headers, leaf.headers),
    withoutHeaders: both(root.withoutHeaders ?? [], leaf.withoutHeaders ?? []),
    queryParams: both(root.queryParams, leaf.queryParams),
    arrival: mergeArrival(root.arrival ?? ANYWHERE, leaf.arrival ?? ANYWHERE),
    other: [...new Set([...root.other, ...leaf.other])],
  };
}

/** The conditions of both; of two on the same name the delegate's, which is the narrower one. */
function both(root: readonly ValueMatch[], leaf: readonly ValueMatch[]): readonly ValueMatch[] {
  return [...root.filter(({ name }) => leaf.every((one) => one.name !== name)), ...leaf];
}

const ANYWHERE: Arrival = { gateways: [], port: null, sourceLabels: {}, sourceNamespace: null };

function mergeArrival(root: Arrival, leaf: Arrival): Arrival {
  return {
    gateways: leaf.gateways.length > 0 ? leaf.gateways : root.gateways,
    port: leaf.port ?? root.port,
    sourceLabels: { ...root.sourceLabels, ...leaf.sourceLabels },
    sourceNamespace: leaf.sourceNamespace ?? root.sourceNamespace,
  };
}

function agree(root: RouteMatch, leaf: RouteMatch): boolean {
  return (
    (root.ignorePathCase ?? false) === (leaf.ignorePathCase ?? false) &&
    isNarrower(root.path, leaf.path) &&
    isNarrower(methodOf(root), methodOf(leaf)) &&
    allNarrower(root.headers, leaf.headers) &&
    allNarrower(root.withoutHeaders ?? [], leaf.withoutHeaders ?? []) &&
    allNarrower(root.queryParams, leaf.queryParams) &&
    arrivalsAgree(root.arrival ?? ANYWHERE, leaf.arrival ?? ANYWHERE)
  );
}

/** The condition on the method, which stands among the headers unless it is exact. */
function methodOf({ method, headers }: RouteMatch): Pick<ValueMatch, 'type' | 'value'> | undefined {
  return method === null ? headers.find(({ name }) => name === ':method') : { type: 'Exact', value: method };
}

function allNarrower(root: readonly ValueMatch[], leaf: readonly ValueMatch[]): boolean {
  return leaf.every((one) =>
    isNarrower(
      root.find(({ name }) => name === one.name),
      one,
    ),
  );
}

type Text = { readonly type: string; readonly value: string } | null | undefined;

/** Regular expressions and "any value" agree with nothing, not even with themselves. */
function isNarrower(root: Text, leaf: Text): boolean {
  if (!root || !leaf) return true;
  if (leaf.type !== 'Exact' && leaf.type !== 'TextPrefix') return false;
  if (root.type === 'Exact') return leaf.type === 'Exact' && leaf.value === root.value && root.value !== '';
  return root.type === 'TextPrefix' && root.value !== '' && leaf.value.startsWith(root.value);
}

function arrivalsAgree(root: Arrival, leaf: Arrival): boolean {
  const labels = Object.entries(leaf.sourceLabels);
  return (
    (root.port === null || leaf.port === null || root.port === leaf.port) &&
    (root.sourceNamespace === null || root.sourceNamespace === leaf.sourceNamespace) &&
    labels.every(([key, value]) => (root.sourceLabels[key] ?? value) === value) &&
    (root.gateways.length === 0 ||
      leaf.gateways.length === 0 ||
      (leaf.gateways.length <= root.gateways.length &&
        leaf.gateways.every((name) => root.gateways.includes(name))))
  );
}

/** Which backends a route may use: those of its own namespace, and of others what a ReferenceGrant there allows. */
import { printable } from '../../text/printable.js';
import type { Backend, ReferenceGrant, Route } from './model.js';
import { splitApiVersion } from './resource.js';

/** The routes, with the backends and mirrors marked that no grant lets them use. */
export function markUngranted(routes: readonly Route[], grants: readonly ReferenceGrant[]): Route[] {
  return routes.map((route) => {
    if (!needsGrants(route)) return route;
    const mark = <T extends Backend>(backend: T): T =>
      backend.namespace === route.ref.namespace || grants.some((grant) => allows(grant, route, backend))
        ? backend
        : { ...backend, granted: false };
    const rules = route.rules.map((rule) => ({
      ...rule,
      backends: rule.backends.map(mark),
      mirrors: rule.mirrors.map(mark),
    }));
    return { ...route, rules };
  });
}

/** Gateways ask for grants. For requests within the mesh Istio does not (pilot/pkg/config/kube/gateway). */
function needsGrants({ dialect, inMesh, parents }: Route): boolean {
  return dialect.needsGrants && !(inMesh === true && parents.length === 0);
}

function allows({ ref, from, to }: ReferenceGrant, route: Route, backend: Backend): boolean {
  const { group } = splitApiVersion(route.ref.apiVersion);
  return (
    ref.namespace === backend.namespace &&
    from.some(
      (one) => one.group === group && one.kind === route.ref.kind && one.namespace === route.ref.namespace,
    ) &&
    to.some(
      (one) =>
        one.group === backend.group &&
        one.kind === backend.kind &&
        (one.name === null || one.name === backend.refName),
    )
  );
}

/** Which grant a marked backend lacks: a clause for messages. */
export function missingGrant({ ref }: Route, { namespace, kind, refName }: Backend): string {
  return printable(
    `no ReferenceGrant of namespace ${namespace} among the manifests lets ${ref.kind}s of namespace ${ref.namespace} use ${kind} ${refName}`,
    400,
  );
}

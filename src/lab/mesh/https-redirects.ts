/** Hosts of a plain HTTP port that are redirected to https: those of servers with `tls.httpsRedirect`. */
import type { Route } from '../../plan/manifests/model.js';
import { mergeHosts, type RoutesByHost } from '../../plan/routes/attachment.js';
import type { AttachedListener } from './attached-listeners.js';

/** What a port serves without TLS. */
export interface PlainHosts {
  /** Also hosts that are only redirected, without routes. */
  readonly hosts: RoutesByHost;
  /** Hosts whose requests are all redirected, whatever their path. */
  readonly redirected: ReadonlySet<string>;
}

/**
 * The hosts of listeners that share a port. A redirecting server redirects each host that it has in common with a route
 * and, if it takes routes of every namespace, its own host too (istio/istio, pilot/pkg/networking/core/gateway.go,
 * `buildGatewayHTTPRouteConfig`).
 */
export function plainHosts(attached: readonly AttachedListener[]): PlainHosts {
  const redirected = new Set(
    attached
      .filter(({ listener }) => listener.redirectsToHttps)
      .flatMap(({ listener, hosts }) => [
        ...hosts.keys(),
        ...(listener.routesFrom === undefined ? [listener.hostname ?? '*'] : []),
      ]),
  );
  const alone = new Map([...redirected].map((host): [string, readonly Route[]] => [host, []]));
  return { hosts: mergeHosts([...attached.map(({ hosts }) => hosts), alone]), redirected };
}

/** Which rule answers a request at one listener. */

import type { Route } from '../../plan/manifests/model.js';
import type { RoutesByHost } from '../../plan/routes/attachment.js';
import { bareHost, mostSpecific } from '../../plan/routes/hostnames.js';
import type { Place } from '../../plan/routes/place.js';
import { type Entry, orderedEntries } from '../../plan/routes/precedence.js';
import { matches } from '../../plan/routes/request-match.js';

/** What routing looks at. */
export interface RoutedRequest {
  /** Host header; which routes are asked does not depend on its port. */
  readonly host: string;
  readonly scheme: 'http' | 'https';
  /** Path with query. */
  readonly target: string;
  readonly method: string;
  /** Raw list: name, value, name, value, … */
  readonly rawHeaders: readonly string[];
}

/** The routes of one listener. */
export class RouteTable {
  readonly #hosts = new Map<string, readonly Entry[]>();
  readonly #redirected: ReadonlySet<string>;

  /**
   * @param hosts the routes of a listener at this place
   * @param redirected those of the hosts that are redirected to https
   */
  constructor(hosts: RoutesByHost, place: Place, redirected: ReadonlySet<string> = new Set()) {
    this.#redirected = redirected;
    for (const [host, routes] of hosts) this.#hosts.set(host.toLowerCase(), entriesOf(routes, place));
  }

  /** Whether requests with this Host are redirected to https. */
  redirects(host: string): boolean {
    return this.#redirected.has(this.#hostOf(host) ?? '');
  }

  #hostOf(host: string): string | null {
    return mostSpecific(this.#hosts.keys(), bareHost(host));
  }

  /** The match that wins, or null: 404. */
  find(request: RoutedRequest): Entry | null {
    const host = this.#hostOf(request.host);
    const entries = host === null ? undefined : this.#hosts.get(host);
    if (entries === undefined) return null;
    const line = {
      host: request.host,
      scheme: request.scheme,
      path: request.target,
      method: request.method,
      headers: pairs(request.rawHeaders),
      mayAdd: false,
    };
    return entries.find(({ match }) => matches(match, line)) ?? null;
  }
}

/** Matches in the order they are tried. Those on claims of a token, which the lab has none of, are left out. */
function entriesOf(routes: readonly Route[], place: Place): readonly Entry[] {
  return orderedEntries(routes, place).filter(({ match }) => match === null || match.other.length === 0);
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i] as string, raw[2 * i + 1] as string]);
}

/** Which rule answers a request at one listener. */

import type { MatchOrder } from '../../plan/gateways/match-order.js';
import type { Route } from '../../plan/manifests/model.js';
import { bareHost, mostSpecific } from '../../plan/routes/hostnames.js';
import { type Entry, orderedEntries } from '../../plan/routes/precedence.js';
import { matches } from '../../plan/routes/request-match.js';

/** What routing looks at. */
export interface RoutedRequest {
  /** Host header; its port does not count. */
  readonly host: string;
  /** Path with query. */
  readonly target: string;
  readonly method: string;
  /** Raw list: name, value, name, value, … */
  readonly rawHeaders: readonly string[];
}

/** The routes of one listener. */
export class RouteTable {
  readonly #hosts = new Map<string, readonly Entry[]>();

  /** @param hosts host name (possibly `*.x` or `*`) → its routes */
  constructor(hosts: ReadonlyMap<string, readonly Route[]>, order: MatchOrder) {
    for (const [host, routes] of hosts) this.#hosts.set(host.toLowerCase(), entriesOf(routes, order));
  }

  /** The match that wins, or null: 404. */
  find(request: RoutedRequest): Entry | null {
    const host = mostSpecific(this.#hosts.keys(), bareHost(request.host));
    const entries = host === null ? undefined : this.#hosts.get(host);
    if (entries === undefined) return null;
    const line = {
      path: request.target,
      method: request.method,
      headers: pairs(request.rawHeaders),
      mayAdd: false,
    };
    return entries.find(({ match }) => matches(match, line)) ?? null;
  }
}

/** Matches in the order they are tried. What cannot be met here (`sourceLabels`, …) is left out. */
function entriesOf(routes: readonly Route[], order: MatchOrder): readonly Entry[] {
  return orderedEntries(routes, order).filter(({ match }) => match === null || match.other.length === 0);
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i] as string, raw[2 * i + 1] as string]);
}

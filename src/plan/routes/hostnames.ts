/** Which hostnames match a Host. */

/** The Host without port and brackets, lower case: gateways ignore both. */
export function bareHost(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase();
}

/** Whether `hostname` (exact, `*.example.com` with one label or more for the star, or `*`) covers `host`. */
export function covers(hostname: string, host: string): boolean {
  if (hostname === '*') return true;
  if (hostname.startsWith('*.')) return host.endsWith(hostname.slice(1)) && host.length >= hostname.length;
  return hostname === host;
}

/**
 * The most specific of the hostnames that cover `host`: the exact one, else the longest wildcard, else `*`
 * (which also means "no hostnames"). Null when none covers it.
 */
export function mostSpecific(hostnames: Iterable<string>, host: string): string | null {
  const rank = (name: string) => (name.startsWith('*') ? name.length : Number.POSITIVE_INFINITY);
  let best: string | null = null;
  for (const name of hostnames) {
    if (covers(name, host) && (best === null || rank(name) > rank(best))) best = name;
  }
  return best;
}

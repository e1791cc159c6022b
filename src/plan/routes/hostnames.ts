/** Which hostnames match a Host. */

/** The Host without port and brackets, lower case: gateways ignore both. */
export function bareHost(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase();
}

/**
 * Whether `hostname` covers `host`: exact, `*` and the end of a name, or `*` for any. The star stands for one character
 * or more: for labels in `*.example.com`, for the beginning of a label in Istio's `*example.com`.
 */
export function covers(hostname: string, host: string): boolean {
  if (hostname === '*') return true;
  if (hostname.startsWith('*')) return host.endsWith(hostname.slice(1)) && host.length >= hostname.length;
  return hostname === host;
}

/** The narrower of two hostnames, or null when no host fits both. */
export function intersect(a: string, b: string): string | null {
  if (a === b || b === '*') return a;
  if (a === '*') return b;
  if (b.startsWith('*') && a.endsWith(b.slice(1)) && a.length >= b.length) return a;
  return a.startsWith('*') && b.endsWith(a.slice(1)) && b.length >= a.length ? b : null;
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

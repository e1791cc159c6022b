/** The value of a request that a consistent hash uses. */
import type { IncomingMessage } from 'node:http';
import type { HashOn } from '../../plan/policy/load-balancer.js';
import { splitQuery } from '../../plan/routes/request-match.js';
import type { Cluster } from './cluster.js';

/** Null when the cluster has no consistent hash, or the request lacks the value. */
export function hashKeyOf(cluster: Cluster, request: IncomingMessage, target: string): string | null {
  const { loadBalancer } = cluster.policy;
  if (!('hashOn' in loadBalancer) || loadBalancer.hashOn === null) return null;
  return hashed(loadBalancer.hashOn, request, target);
}

function hashed(on: HashOn, request: IncomingMessage, target: string): string | null {
  if ('header' in on) return request.headers[on.header.toLowerCase()]?.toString() ?? null;
  if ('queryParameter' in on) return new URLSearchParams(splitQuery(target)[1]).get(on.queryParameter);
  if ('sourceIp' in on) return request.socket.remoteAddress ?? null;
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const prefix = `${on.cookie.name}=`;
  return cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length) ?? null;
}

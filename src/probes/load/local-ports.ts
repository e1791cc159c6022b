/** Checks that a run's connections fit into the local ports of this machine. */
import { readFileSync } from 'node:fs';
import { OptionError } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import { connectionCount } from '../lane/connection-share.js';

/**
 * Local ports that connections to one address may have. Read from Linux's /proc. On other systems it is null, and connections beyond it
 * fail with the outcome `no-local-port`.
 */
export function localPorts(): number | null {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/);
    const ports = Number(last) - Number(first) + 1;
    return ports > 0 ? ports : null;
  } catch {
    return null;
  }
}

/**
 * Checks, before anything is sent, that there is a port for each connection. Connections to different addresses may share a port; those
 * of Unix sockets have none.
 *
 * @throws UserError if not: how many ports are needed, how many there are, and what to do
 */
export function checkLocalPorts(
  { target, load }: Pick<Plan, 'target' | 'load'>,
  ports: number | null = localPorts(),
): void {
  const addresses = target.connectTo.length;
  if (ports === null || target.connectTo.every(({ kind }) => kind === 'unix')) return;
  const connections = connectionCount(load);
  if (Math.ceil(connections / addresses) <= ports) return;
  throw new OptionError(
    (name) =>
      `${connections} connections to ${addresses === 1 ? 'one address' : `${addresses} addresses`} need as many local ports, ` +
      `but this machine has ${ports} for each (net.ipv4.ip_local_port_range). Nothing was sent. Widen the range, or give at most ` +
      `${load.mode === 'open' ? `${name('load.maxInFlight')} ${ports * addresses * load.streams}` : `${name('load.connections', 'short')} ${ports * addresses}`}.`,
  );
}

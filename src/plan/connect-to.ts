/** Where connections go: curl's `--connect-to`, `--resolve` and `--unix-socket`. */
import { isIP } from 'node:net';
import { UserError } from '../errors.js';
import type { ConnectTo } from './plan.js';
import type { TargetFlags } from './target.js';

/**
 * Applies the flags to the URL's host and port. As in curl, the first `--connect-to` whose HOST1 and PORT1
 * fit (empty ones fit everything) wins, and what it names is then looked up in `--resolve`: there a later
 * entry replaces an earlier one for the same host and port, and `*` is asked last.
 *
 * @throws UserError naming the flag that cannot be read
 */
export function connectTarget(
  url: URL,
  flags: Pick<TargetFlags, 'connectTo' | 'resolve' | 'unixSocket'>,
): ConnectTo {
  if (flags.unixSocket !== undefined) {
    if (flags.unixSocket === '') throw new UserError('--unix-socket: give the path of the socket.');
    return { kind: 'unix', path: flags.unixSocket };
  }
  let host = bare(url.hostname);
  let port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const rules = flags.connectTo.map(parseConnectTo);
  const rule = rules.find((one) => (one.host1 === '' || one.host1 === host) && (one.port1 ?? port) === port);
  if (rule !== undefined) {
    host = rule.host2 === '' ? host : rule.host2;
    port = rule.port2 ?? port;
  }
  const entries = flags.resolve.map(parseResolve);
  const entryFor = (name: string) => entries.findLast((one) => one.host === name && one.port === port);
  const entry = entryFor(host.toLowerCase()) ?? entryFor('*');
  return { kind: 'tcp', host: entry?.address ?? host, port };
}

interface ConnectToRule {
  readonly host1: string;
  readonly port1: number | null;
  readonly host2: string;
  readonly port2: number | null;
}

const HOST = String.raw`(\[[0-9a-fA-F:.]+(?:%[^\]\s]+)?\]|[^:\[\]]*)`;

function parseConnectTo(text: string): ConnectToRule {
  const match = new RegExp(`^${HOST}:(\\d*):${HOST}:(\\d*)$`).exec(text);
  if (match === null) {
    throw new UserError(
      `--connect-to: '${text}' is not HOST1:PORT1:HOST2:PORT2 (each may be empty, IPv6 in brackets).`,
    );
  }
  const [, host1, port1, host2, port2] = match as unknown as [string, string, string, string, string];
  return {
    host1: bare(host1).toLowerCase(),
    port1: optionalPort(port1, '--connect-to', text),
    host2: bare(host2),
    port2: optionalPort(port2, '--connect-to', text),
  };
}

function parseResolve(text: string): { host: string; port: number; address: string } {
  const match = new RegExp(`^\\+?${HOST}:(\\d+):(.+)$`).exec(text);
  const [, host, port, addresses] = (match ?? []) as unknown as [string, string, string, string];
  const address = bare(addresses?.split(',')[0] ?? '');
  if (match === null || host === '' || isIP(address) === 0) {
    throw new UserError(`--resolve: '${text}' is not HOST:PORT:ADDRESS with an IP address.`);
  }
  return { host: bare(host).toLowerCase(), port: optionalPort(port, '--resolve', text) as number, address };
}

function optionalPort(text: string, flag: string, whole: string): number | null {
  if (text === '') return null;
  const port = Number(text);
  if (port < 1 || port > 65535)
    throw new UserError(`${flag}: '${whole}': ${text} is not a port (1 to 65535).`);
  return port;
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

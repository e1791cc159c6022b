/** The addresses that connections go to, after curl's `--connect-to`, `--resolve` and `--unix-socket`. */
import { isIP } from 'node:net';
import { OptionError } from '../../errors.js';
import type { ConnectTo } from '../plan.js';
import type { TargetOptions } from '../plan-options.js';

/**
 * Applies the options to the URL's host and port. As in curl, the first `connectTo` whose HOST1 and PORT1 fit wins (empty
 * ones fit everything). Its HOST2 and PORT2 are then looked up in `resolve`: a later entry replaces an earlier one for the
 * same host and port, and `*` is used if no other entry fits. Unlike in curl, which uses one address, every `connectTo`
 * with the same HOST1 and PORT1 and every address of a `resolve` entry is used.
 *
 * @param hosts hosts to connect to in place of the URL's: the addresses of a Gateway
 * @returns the addresses without repetition, at least one
 * @throws OptionError naming the option that cannot be read
 */
export function connectTargets(
  url: URL,
  { connectTo = [], resolve = [], unixSocket }: Pick<TargetOptions, 'connectTo' | 'resolve' | 'unixSocket'>,
  hosts: readonly string[] = [bare(url.hostname)],
): ConnectTo[] {
  if (unixSocket !== undefined) {
    if (unixSocket === '')
      throw new OptionError((name) => `${name('unixSocket')}: give the path of the socket.`);
    return [{ kind: 'unix', path: unixSocket }];
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const rules = connectTo.map(parseConnectTo);
  const entries = resolve.map(parseResolve);
  const found = hosts
    .flatMap((host) => redirected({ host, port }, rules))
    .flatMap((place) => resolved(place, entries))
    .map(({ host, port }): ConnectTo => ({ kind: 'tcp', host, port }));
  return distinct(found);
}

/** `203.0.113.7:80`, `[2001:db8::1]:80`, `unix:/run/gateway.sock` */
export function addressLabel(to: ConnectTo): string {
  if (to.kind === 'unix') return `unix:${to.path}`;
  return `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`;
}

/** Without those that are there already. */
export function distinct(addresses: readonly ConnectTo[]): ConnectTo[] {
  return [...new Map(addresses.map((to) => [addressLabel(to), to])).values()];
}

interface Place {
  readonly host: string;
  readonly port: number;
}

function redirected({ host, port }: Place, rules: readonly ConnectToRule[]): Place[] {
  const name = host.toLowerCase();
  const first = rules.find((one) => (one.host1 === '' || one.host1 === name) && (one.port1 ?? port) === port);
  if (first === undefined) return [{ host, port }];
  return rules
    .filter(({ host1, port1 }) => host1 === first.host1 && port1 === first.port1)
    .map(({ host2, port2 }) => ({ host: host2 === '' ? host : host2, port: port2 ?? port }));
}

function resolved({ host, port }: Place, entries: readonly ResolveEntry[]): Place[] {
  const entryFor = (name: string) => entries.findLast((one) => one.host === name && one.port === port);
  const entry = entryFor(host.toLowerCase()) ?? entryFor('*');
  return (entry?.addresses ?? [host]).map((address) => ({ host: address, port }));
}

interface ResolveEntry {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
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
    throw new OptionError(
      (name) =>
        `${name('connectTo')}: '${text}' is not HOST1:PORT1:HOST2:PORT2 (each may be empty, IPv6 in brackets).`,
    );
  }
  const [, host1, port1, host2, port2] = match as unknown as [string, string, string, string, string];
  return {
    host1: bare(host1).toLowerCase(),
    port1: optionalPort(port1, 'connectTo', text),
    host2: bare(host2),
    port2: optionalPort(port2, 'connectTo', text),
  };
}

function parseResolve(text: string): ResolveEntry {
  const match = new RegExp(`^\\+?${HOST}:(\\d+):(.+)$`).exec(text);
  const [, host, port, list] = (match ?? []) as unknown as [string, string, string, string];
  const addresses = (list ?? '').split(',').map(bare);
  if (match === null || host === '' || addresses.some((address) => isIP(address) === 0)) {
    throw new OptionError(
      (name) => `${name('resolve')}: '${text}' is not HOST:PORT:ADDRESS[,ADDRESS]… with IP addresses.`,
    );
  }
  return { host: bare(host).toLowerCase(), port: optionalPort(port, 'resolve', text) as number, addresses };
}

function optionalPort(text: string, option: string, whole: string): number | null {
  if (text === '') return null;
  const port = Number(text);
  if (port < 1 || port > 65535)
    throw new OptionError((name) => `${name(option)}: '${whole}': ${text} is not a port (1 to 65535).`);
  return port;
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** What was measured, and how: target, load, where the version is read. */
import type { RunResult } from '../../analysis/result.js';
import { time } from '../../text/durations.js';
import { count, counted, rate } from '../../text/numbers.js';
import { paragraph } from '../layout/page.js';

/** Addresses named in the target's line. */
const MAX_ADDRESSES = 4;

/** A heading with its lines. */
export interface AboutEntry {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** Target, load and identifier. */
export function aboutSection(result: RunResult, columns: number): string[] {
  const indent = 'Version  '.length;
  return aboutOf(result).flatMap(({ heading, lines }) => paragraph(heading, lines, indent, columns));
}

export function aboutOf({ target, load, identifier }: RunResult): AboutEntry[] {
  const version = {
    heading: 'Version',
    lines: [`${identifier.version} · endpoint: ${identifier.endpoint}`],
  };
  if (load.mode === 'unknown') {
    // Another tool's requests: how it sent them is not known.
    return [
      { heading: 'Target', lines: [`${target.method} ${target.url}`] },
      { heading: 'Load', lines: ['not known: another tool sent it'] },
      version,
    ];
  }
  return [
    { heading: 'Target', lines: targetLines(target) },
    {
      heading: 'Load',
      lines: [
        [
          ...loopOf(target, load),
          counted(load.threads, 'thread'),
          ...cookiesOf(load),
          ...driverOf(load),
        ].join(' · '),
      ],
    },
    ...latenessOf(load),
    version,
  ];
}

/** `GET http://… at …`, and below it Host, SNI, protocol and TLS. */
export function targetLines(target: RunResult['target']): string[] {
  const tls =
    target.tlsVerified === null ? 'no TLS' : target.tlsVerified ? 'TLS verified' : 'TLS NOT VERIFIED (-k)';
  const reached = target.addresses.length === 0 ? 'nothing connected' : some(target.addresses);
  return [
    `${target.method} ${target.url} at ${reached}`,
    [`Host ${target.host}`, `SNI ${target.sni ?? 'none'}`, protocolName(target.protocol), tls].join(' · '),
  ];
}

function loopOf(target: RunResult['target'], load: RunResult['load']): string[] {
  if (load.mode === 'closed') return ['closed loop', connectionsOf(target, load)];
  return [
    'open loop',
    `${rate(load.ratePerSecond ?? 0)} ${load.arrival ?? ''}`.trim(),
    ...(load.maxInFlight === null ? [] : [`at most ${count(load.maxInFlight)} in flight`]),
    ...(target.protocol === 'h2' ? [connectionsOf(target, load)] : []),
  ];
}

/** Open loop: how late this machine was. */
function latenessOf({ lateness }: RunResult['load']): AboutEntry[] {
  if (lateness === null || lateness.percentilesUs === null) return [];
  const { percentilesUs, generatorMaxUs } = lateness;
  const shown = ['50', '90', '99'].map((p) => `p${p} ${time(percentilesUs[p] ?? null, ' ')}`);
  const line = [...shown, `max ${time(generatorMaxUs, ' ')} (this machine's own)`].join(' · ');
  return [{ heading: 'Lateness', lines: [line] }];
}

function cookiesOf({ cookies }: RunResult['load']): string[] {
  return cookies === 'connection' ? ['each connection sends its cookies back'] : [];
}

/** Named where it is not the one that is used when nothing is said. */
function driverOf({ driver }: RunResult['load']): string[] {
  return driver === 'undici' ? ['driver undici'] : [];
}

/** The first addresses, and how many more there are. */
function some(addresses: readonly string[]): string {
  const shown = addresses.slice(0, MAX_ADDRESSES).join(', ');
  const hidden = addresses.length - MAX_ADDRESSES;
  return hidden > 0 ? `${shown} and ${count(hidden)} more` : shown;
}

function protocolName(protocol: string): string {
  return protocol === 'h2' ? 'HTTP/2' : protocol.toUpperCase();
}

/** `10 connections`, with HTTP/2 `10 connections × 4 streams`. */
function connectionsOf(target: RunResult['target'], { connections, streams }: RunResult['load']): string {
  const line = counted(connections, 'connection');
  return target.protocol === 'h2' ? `${line} × ${counted(streams, 'stream')}` : line;
}

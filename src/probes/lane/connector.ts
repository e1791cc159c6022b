/** Opens sockets for all drivers: to an address of the plan, over TCP, TLS or a Unix socket. */
import { type Socket, connect as tcpConnect } from 'node:net';
import type { ConnectTo, Target } from '../../plan/plan.js';
import { addressLabel } from '../../plan/target/connect-to.js';

/** TCP keep-alive probes start after the socket was idle for this long. */
const TCP_KEEP_ALIVE_MS = 60_000;
/** Bytes that a socket reads ahead. A TLS record has at most 16 KiB. */
const TCP_READ_AHEAD_BYTES = 64 * 1024;
const TLS_READ_AHEAD_BYTES = 16 * 1024;

/** Called once: with the connected socket (for https after the TLS handshake), or with the error. */
export type ConnectCallback = (
  ...result: [error: null, socket: Socket] | [error: Error, socket: null]
) => void;

/**
 * Starts to open a socket and returns it at once, so that a caller that gives up can destroy it. A socket that is
 * destroyed without an error never calls back. The socket has an error listener, so that a later error does not
 * end the process.
 */
export type Connector = (callback: ConnectCallback, reader?: Reader) => Socket;

/** Takes the bytes of a socket where it wants to have them. Without one the socket is read as any stream. */
export interface Reader {
  /** What sockets are read into; several may have the same. */
  readonly buffer: Buffer;
  /**
   * So many bytes are in the buffer, until this returns.
   *
   * @returns false if nothing more is to be read until the socket is resumed
   */
  readonly read: (length: number) => boolean;
}

/**
 * Makes the connector for one address of a target. It has no time-out: the caller gives up when it wants to.
 *
 * TLS uses the plan's server name (`sni`), whatever the Host header says, and offers `http/1.1`, for HTTP/2 also
 * `h2`. TLS sessions are not resumed: every connection makes the whole handshake, as a new client does.
 */
export function makeConnector(target: Target, connectTo: ConnectTo): Connector {
  const secure = target.scheme === 'https';
  const open = secure ? tlsOpener(target, connectTo) : tcpOpener(connectTo);
  return (callback, reader) => {
    let called = false;
    const socket = open(reader);
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      if (called) return;
      called = true;
      callback(null, socket);
    });
    socket.on('error', (error) => {
      if (called) return;
      called = true;
      callback(error, null);
    });
    return socket;
  };
}

type Opener = (reader?: Reader) => Socket;

function tcpOpener(connectTo: ConnectTo): Opener {
  const options = { ...placeOf(connectTo), highWaterMark: TCP_READ_AHEAD_BYTES };
  return (reader) => {
    if (reader === undefined) return tcpConnect({ ...options });
    return tcpConnect({ ...options, onread: { buffer: reader.buffer, callback: reader.read } });
  };
}

function tlsOpener({ tls, sni, protocol }: Target, connectTo: ConnectTo): Opener {
  // Not imported above: node:tls and node:crypto take a tenth of what a thread needs to start, and plain HTTP needs neither.
  const { connect: tlsConnect } = process.getBuiltinModule('node:tls');
  const options = {
    ...placeOf(connectTo),
    highWaterMark: TLS_READ_AHEAD_BYTES,
    ALPNProtocols: protocol === 'h2' ? ['http/1.1', 'h2'] : ['http/1.1'],
    rejectUnauthorized: tls.verify,
    ...(sni === null ? {} : { servername: sni }),
    ...(tls.ca === null ? {} : { ca: tls.ca }),
    ...(tls.cert === null ? {} : { cert: tls.cert }),
    ...(tls.key === null ? {} : { key: tls.key }),
  };
  return (reader) => {
    if (reader === undefined) return tlsConnect({ ...options });
    // It has no `onread` in its types.
    const reading = { ...options, onread: { buffer: reader.buffer, callback: reader.read } };
    return tlsConnect(reading);
  };
}

/** Without a server name, the certificate is checked against `host`. */
function placeOf(connectTo: ConnectTo): { path: string; host: string } | { host: string; port: number } {
  return connectTo.kind === 'unix'
    ? { path: connectTo.path, host: 'localhost' }
    : { host: connectTo.host, port: connectTo.port };
}

/** `address:port` of a connected socket, or the path of a Unix socket. */
export function addressOf(socket: Socket, connectTo: ConnectTo): string {
  if (connectTo.kind === 'unix') return addressLabel(connectTo);
  const { remoteAddress = connectTo.host, remotePort = connectTo.port } = socket;
  return addressLabel({ kind: 'tcp', host: remoteAddress, port: remotePort });
}

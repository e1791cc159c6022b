/** Opens connections for undici: to the plan's address, with the plan's server name. */
import type { Socket } from 'node:net';
import type { buildConnector as Connect } from 'undici';
import type { ConnectTo, Target } from '../../plan/plan.js';
import { addressLabel } from '../../plan/target/connect-to.js';
import { buildConnector } from './undici-client.js';

type ConnectCallback = Connect.Callback;

/**
 * Starts a connection and returns its socket at once, so that a caller who gave up can destroy it.
 *
 * undici would take the server name from the Host header and ignore what it was told, hence a connector of
 * our own around its usual one. TLS sessions are not resumed: every connection makes the whole handshake,
 * as a new client does.
 */
export type Connector = (callback: ConnectCallback) => Socket;

/** Makes the connector to one of a target's addresses. Time-outs are the caller's. */
export function makeConnector(target: Target, connectTo: ConnectTo): Connector {
  const { tls } = target;
  const build = buildConnector({
    timeout: 0,
    maxCachedSessions: 0,
    allowH2: target.protocol === 'h2',
    rejectUnauthorized: tls.verify,
    ...(tls.ca === null ? {} : { ca: tls.ca }),
    ...(tls.cert === null ? {} : { cert: tls.cert }),
    ...(tls.key === null ? {} : { key: tls.key }),
    ...(connectTo.kind === 'unix' ? { socketPath: connectTo.path } : {}),
  });
  const options = {
    hostname: connectTo.kind === 'tcp' ? connectTo.host : 'localhost',
    // undici derives a server name from `host` when it is given none: an IP literal derives to none.
    host: target.sni ?? '127.0.0.1',
    protocol: `${target.scheme}:`,
    port: connectTo.kind === 'tcp' ? String(connectTo.port) : '80',
    ...(target.sni === null ? {} : { servername: target.sni }),
  } as Connect.Options;
  // The declared type forgets that the built connector returns the socket.
  const connect = build as unknown as (options: Connect.Options, callback: ConnectCallback) => Socket;
  return (callback) =>
    connect(options, (...result) => {
      if (result[0] === null) callback(...result);
      else callback(undiciSafe(result[0]), null);
    });
}

/**
 * At a certificate for other names undici fails only those requests whose own server name is the wrong one,
 * and tries again for ever for the rest. Under another code it fails what waits, as after any other error.
 */
function undiciSafe(error: Error & { code?: string }): Error {
  if (error.code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return error;
  return Object.assign(new Error(error.message, { cause: error }), { code: 'CERT_ALTNAME_INVALID' });
}

/** `address:port` of a connected socket, or the path of a Unix socket. */
export function addressOf(socket: Socket, connectTo: ConnectTo): string {
  if (connectTo.kind === 'unix') return addressLabel(connectTo);
  const { remoteAddress = connectTo.host, remotePort = connectTo.port } = socket;
  return addressLabel({ kind: 'tcp', host: remoteAddress, port: remotePort });
}

/** TLS that is wrong in its certificate, its handshake or its end. */
import { FAULTY, type Fault, faultyAnswer, head, onceRead, says, type TlsFault } from './fault.js';

/** No request is ever written. */
const handshake = (name: string, tls: TlsFault, outcome: Fault['outcome'] = 'tls'): Fault => ({
  name: `TLS: ${name}`,
  to: 'all',
  outcome,
  tls,
});

const session = (
  name: string,
  answer: TlsFault['answer'] & {},
  outcome: Fault['outcome'],
  tls: TlsFault = {},
): Fault => ({
  name: `TLS: ${name}`,
  to: 'some',
  outcome,
  ...(outcome === 'malformed' ? {} : { version: FAULTY }),
  tls: { ...tls, answer },
});

const LENGTH = head('content-length: 10');
/** A record of application data that nobody can decrypt. */
const GARBAGE = Buffer.concat([Buffer.from([0x17, 3, 3, 0, 40]), Buffer.alloc(40, 7)]);

export const TLS_FAULTS: readonly Fault[] = [
  handshake('the handshake stalls', { instead: () => {} }, 'connect-timeout'),
  handshake('closes in the handshake', { instead: (s) => s.once('data', () => s.end()) }),
  handshake('resets in the handshake', { instead: (s) => s.once('data', () => s.resetAndDestroy()) }),
  handshake('an alert in the handshake', {
    instead: (s) => s.once('data', () => s.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40]))),
  }),
  handshake('plain HTTP on the port', { instead: (s) => s.once('data', () => s.end(faultyAnswer)) }),
  handshake('garbage in the handshake', {
    instead: (s) => s.once('data', () => s.end(Buffer.alloc(100, 0x16))),
  }),
  handshake('an expired certificate', { certificate: 'expired' }),
  handshake('a certificate for another name', { certificate: 'for another name' }),
  handshake('a certificate that signs itself', { certificate: 'self-signed' }),
  {
    ...handshake('a client certificate is wanted', { clientCertificate: 'required' }),
    unread: true,
    // With TLS 1.3 the handshake is over for the client, which has sent its request when the server breaks off.
    or: ['reset'],
  },
  {
    ...handshake('a client certificate is wanted (TLS 1.2)', {
      clientCertificate: 'required',
      version: 'TLSv1.2',
    }),
    unread: true,
  },
  {
    name: 'TLS on the port of plain HTTP',
    to: 'some',
    answer: says('\u0015\u0003\u0003\u0000\u0002\u0002\u0046'),
    outcome: 'malformed',
  },
  session('closed in the middle of the body', (s) => s.end(`${LENGTH}four`), 'truncated'),
  session(
    'broken off in the middle of the body, without a close_notify',
    (s, tcp) => s.write(`${LENGTH}four`, () => onceRead(() => tcp.end())),
    'truncated',
  ),
  session(
    'reset in the middle of the body',
    (s, tcp) => s.write(`${LENGTH}four`, () => onceRead(() => tcp.resetAndDestroy())),
    'truncated',
  ),
  session('a body that ends with close_notify', (s) => s.end(`${head()}ok`), 'ok'),
  session(
    'a body that ends without a close_notify',
    (s, tcp) => s.write(`${head()}ok`, () => onceRead(() => tcp.end())),
    'ok',
  ),
  session(
    'a reset ends a body that ends with the connection',
    (s, tcp) => s.write(`${head()}ok`, () => onceRead(() => tcp.resetAndDestroy())),
    'truncated',
  ),
  session(
    'a broken record in the middle of the body',
    (s, tcp) => s.write(`${LENGTH}four`, () => tcp.write(GARBAGE)),
    'truncated',
  ),
  session(
    'a broken record in a body that ends with the connection',
    (s, tcp) => s.write(`${head()}ok`, () => tcp.write(GARBAGE)),
    'truncated',
  ),
  session('a broken record for an answer', (_s, tcp) => tcp.write(GARBAGE), 'malformed'),
  session(
    'renegotiates in the middle of the body',
    (s) => s.write(`${LENGTH}four`, () => s.renegotiate({}, () => s.write('more 6'))),
    'ok',
    { version: 'TLSv1.2' },
  ),
  session(
    'renegotiates in the middle of the body, and closes',
    (s) => s.write(`${LENGTH}four`, () => s.renegotiate({}, () => s.end())),
    'truncated',
    { version: 'TLSv1.2' },
  ),
];

/** Starts the server of a fault, and keeps what it answered on each connection. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { type Certificate, makeCertificate } from '../../../src/lab/mesh/certificates.js';
import { type Cleanup, listen, type RawAnswer, readRequests, response, Seen } from '../servers.js';
import { FAULTY, type Fault, type Flags, type TlsFault } from './fault.js';
import { serveH2 } from './h2-answers.js';

export interface FaultServer {
  readonly url: string;
  /** Options of `weighbridge run` that the fault needs. */
  readonly flags: Flags;
  /** What each connection's requests were answered, in order: `v1`, `v2` or `faulty`. */
  readonly answered: readonly (readonly string[])[];
}

/** How many requests the fault is done to when it `stalls`. */
export const STALLED = 4;

const HOST = 'faulty.example';

/** Starts the server; it ends with the test. */
export async function startFault(t: Cleanup, fault: Fault): Promise<FaultServer> {
  const answered: string[][] = [];
  /** What the request shall be answered: `faulty` or a good answer's version. */
  const decide = (inAll: number) => (isFaulty(fault, inAll) ? FAULTY : goodVersion(inAll));
  if (fault.h2 !== undefined) {
    const at = await serveH2(t, fault.h2, answered, decide);
    return { url: `http://${at}/`, flags: { ...fault.flags, http2: true }, answered };
  }
  const seen = new Seen();
  const { tls } = fault;
  const certificate = tls === undefined ? null : await certificateFor(tls);
  const server = createServer({ noDelay: true }, (tcp: Socket) => {
    const mine: string[] = [];
    answered.push(mine);
    if (tls?.instead !== undefined) {
      seen.add(tcp);
      tls.instead(tcp);
      return;
    }
    const socket = certificate === null ? tcp : secured(tcp, certificate, tls as TlsFault);
    const answer: RawAnswer = (_, request) => {
      const version = decide(request.inAll);
      mine.push(version);
      if (version !== FAULTY) socket.write(goodAnswer(version));
      else if (tls?.answer !== undefined) tls.answer(socket as TLSSocket, tcp);
      else fault.answer?.(socket, request);
    };
    readRequests(socket, seen, answer);
  });
  const { at } = await listen(t, server, seen);
  const flags = { ...fault.flags, ...(certificate === null ? {} : { host: HOST }) };
  if (certificate === null || tls?.certificate === 'self-signed') {
    return { url: `${certificate === null ? 'http' : 'https'}://${at}/`, flags, answered };
  }
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-faults-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const cacert = join(folder, 'ca.pem');
  writeFileSync(cacert, certificate.certPem);
  return { url: `https://${at}/`, flags: { ...flags, cacert }, answered };
}

function isFaulty(fault: Fault, inAll: number): boolean {
  switch (fault.to) {
    case 'some':
      return inAll % 3 === 0;
    case 'stalls':
      return inAll <= STALLED;
    case 'all':
      return true;
  }
}

const goodVersion = (inAll: number) => (inAll % 2 === 0 ? 'v2' : 'v1');

function goodAnswer(version: string): string {
  return response({ headers: { 'x-version': version }, body: `the version is [${version}]` });
}

const DAY_MS = 24 * 3600 * 1000;

function certificateFor({ certificate }: TlsFault): Promise<Certificate> {
  const names = [certificate === 'for another name' ? 'other.example' : HOST];
  if (certificate !== 'expired') return makeCertificate({ names });
  const yesterday = Date.now() - DAY_MS;
  return makeCertificate({
    names,
    notBefore: new Date(yesterday - DAY_MS),
    notAfter: new Date(yesterday),
  });
}

/** TLS over a stream that goes through `tcp`, so that `tcp` itself can still be written to and broken. */
function secured(tcp: Socket, { certPem, keyPem }: Certificate, tls: TlsFault): TLSSocket {
  const through = new Duplex({
    read() {},
    write: (chunk, _encoding, done) => void tcp.write(chunk, () => done()),
    final: (done) => void tcp.end(done),
  });
  tcp.on('data', (chunk) => through.push(chunk));
  tcp.on('end', () => through.push(null));
  tcp.on('error', () => {});
  tcp.once('close', () => through.destroy());
  return new TLSSocket(through, {
    isServer: true,
    secureContext: createSecureContext({
      cert: certPem,
      key: keyPem,
      ca: certPem,
      ...(tls.version === undefined ? {} : { maxVersion: tls.version }),
    }),
    ...(tls.clientCertificate === undefined ? {} : { requestCert: true, rejectUnauthorized: true }),
  });
}

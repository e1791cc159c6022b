/** Writing on TLS past the stream: every byte in order, whatever is in progress, and errors as from the stream. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { makeCertificate } from '../../../src/lab/mesh/certificates.js';
import { TlsWriter } from '../../../src/probes/http1/tls-write.js';
import { until } from '../../lab/client.js';
import { listen, Seen } from '../../support/servers.js';

/** Two ends of a connection; the server's does not read. */
async function ends(t: TestContext): Promise<readonly [client: TLSSocket, server: TLSSocket, raw: Socket]> {
  const { certPem: cert, keyPem: key } = await makeCertificate({ names: ['a.example'] });
  const seen = new Seen();
  const server = createServer({ cert, key, pauseOnConnect: true }, (socket) => void seen.add(socket));
  const { port } = await listen(t, server, seen);
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const raw = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  client.on('error', () => {});
  t.after(() => client.destroy());
  const [[socket], [below]] = await Promise.all([accepted, raw, once(client, 'secureConnect')]);
  return [client, socket, below];
}

test('TLS: writes are whole and in order, at once, in turns, in parts and larger ones', async (t) => {
  const [client, server] = await ends(t);
  const writer = new TlsWriter(client);
  const sent: Buffer[] = [];
  const write = (bytes: Buffer) => {
    sent.push(bytes);
    writer.write(bytes);
  };
  const came: Buffer[] = [];
  let length = 0;
  server.on('data', (chunk: Buffer) => {
    came.push(chunk);
    length += chunk.length;
  });
  server.resume();
  const sentBytes = () => sent.reduce((sum, { length: bytes }) => sum + bytes, 0);
  for (let i = 0; i < 20; i += 1) {
    write(Buffer.from(`alone ${i};`));
    if (i % 3 === 0) write(Buffer.from(`behind ${i};`));
    if (i % 4 === 0) {
      const parts = [Buffer.from(`head ${i};`), Buffer.alloc(300_000, i)] as const;
      sent.push(...parts);
      writer.writeParts(...parts);
    }
    if (i % 5 === 0) write(Buffer.alloc(100_000, i));
    await until(() => length === sentBytes() && !writer.waits, `all bytes of turn ${i}`);
  }
  assert.ok(Buffer.concat(came).equals(Buffer.concat(sent)));
});

test('TLS: small writes have nothing to do with the stream once it has written one', async (t) => {
  const [client, server] = await ends(t);
  const writer = new TlsWriter(client);
  let text = '';
  server.setEncoding('latin1').on('data', (more: string) => {
    text += more;
  });
  server.resume();
  writer.write(Buffer.from('first'));
  await until(() => text === 'first' && client.writableLength === 0, 'the first write');
  client._write = () => assert.fail('a write of the stream');
  let whole = text;
  for (let i = 0; i < 5; i += 1) {
    writer.write(Buffer.from(` ${i}`));
    whole += ` ${i}`;
    await until(() => text === whole, `write ${i}`);
    // The handle says that a write has ended a round of the loop later.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }
});

test('TLS: the other end has reset the connection: the socket closes, and later writes do nothing', async (t) => {
  const [client, , raw] = await ends(t);
  const writer = new TlsWriter(client);
  writer.write(Buffer.from('first'));
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  raw.resetAndDestroy();
  const again = setInterval(() => writer.write(Buffer.from('more')), 5);
  await closed;
  clearInterval(again);
  writer.write(Buffer.from('on a socket that is destroyed'));
  assert.ok(client.destroyed);
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import test from 'node:test';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { readServerName } from '../../../src/lab/embedded/client-hello.js';

/** The first bytes that node's own TLS client sends. */
async function helloOf(servername: string | undefined): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, ...(servername === undefined ? {} : { servername }) });
  client.on('error', () => {});
  const [socket] = await once(server, 'connection');
  const [bytes] = await once(socket, 'data');
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}

test('the server name of a real ClientHello, or none', async () => {
  assert.deepEqual(readServerName(await helloOf('Test.Devopscube.com')), {
    state: 'read',
    name: 'test.devopscube.com',
  });
  assert.deepEqual(readServerName(await helloOf(undefined)), { state: 'read', name: null });
});

test('every beginning of it asks for more, and splitting it into records changes nothing', async () => {
  const hello = await helloOf('a.lab');
  for (let length = 0; length < hello.length; length++) {
    assert.deepEqual(readServerName(hello.subarray(0, length)), { state: 'incomplete' }, String(length));
  }
  const message = hello.subarray(5);
  const records = [message.subarray(0, 3), message.subarray(3, 100), message.subarray(100)].map((part) =>
    Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part]),
  );
  assert.deepEqual(readServerName(Buffer.concat(records)), { state: 'read', name: 'a.lab' });
});

test('what is not TLS is named so', () => {
  assert.deepEqual(readServerName(Buffer.from('GET / HTTP/1.1\r\n\r\n')), { state: 'not-tls' });
  assert.deepEqual(readServerName(Buffer.from([22, 9, 0])), { state: 'not-tls' });
});

test('any change of any byte is read, waited for or refused, never an exception', async () => {
  const hello = await helloOf('a.lab');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { maxLength: 5 }), (changes) => {
      const bytes = Buffer.from(hello);
      for (const [at, value] of changes) bytes[at] = value;
      assert.ok(['read', 'incomplete', 'not-tls'].includes(readServerName(bytes).state));
    }),
    { seed: 20261124, numRuns: 1000 },
  );
});

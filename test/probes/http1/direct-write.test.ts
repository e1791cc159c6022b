/** Writing past the stream: every byte in order, also when the kernel takes only some, and errors as from the stream. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { DirectWriter } from '../../../src/probes/http1/direct-write.js';
import { until } from '../../lab/client.js';

/** Two ends of a connection; the server's does not read. */
async function ends(t: TestContext): Promise<readonly [client: Socket, server: Socket]> {
  const server = createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect((server.address() as { port: number }).port, '127.0.0.1');
  const [[socket]] = await Promise.all([accepted, once(client, 'connect')]);
  client.on('error', () => {});
  socket.on('error', () => {});
  t.after(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });
  return [client, socket];
}

test('writes are whole and in order, beside those of the stream and when the kernel takes no more', async (t) => {
  const [client, server] = await ends(t);
  const writer = new DirectWriter(client);
  const sent: Buffer[] = [];
  const write = (bytes: Buffer) => {
    sent.push(bytes);
    writer.write(bytes);
  };
  for (let i = 0; i < 5; i += 1) write(Buffer.from(`small ${i}`));
  const beside = Buffer.from('by the stream');
  sent.push(beside);
  client.write(beside);
  for (let i = 0; !writer.waits; i += 1) write(Buffer.alloc(16_384, i));
  for (let i = 0; i < 5; i += 1) write(Buffer.from(`behind ${i}`));

  const whole = Buffer.concat(sent);
  const came: Buffer[] = [];
  let length = 0;
  server.on('data', (chunk: Buffer) => {
    came.push(chunk);
    length += chunk.length;
  });
  server.resume();
  await until(() => length === whole.length && !writer.waits, 'all bytes');
  write(Buffer.from('after'));
  await until(() => length === whole.length + 5, 'the last bytes');
  assert.ok(Buffer.concat(came).equals(Buffer.concat(sent)));
});

test('it leaves the handle as it was, and makes no request object while none is in use', async (t) => {
  const [client, server] = await ends(t);
  const writer = new DirectWriter(client);
  writer.write(Buffer.from('first'));
  const { _handle: handle } = client as unknown as { _handle: Record<string, unknown> };
  assert.ok(!Object.hasOwn(handle, 'writeBuffer'));
  // The stream has nothing to do with the next ones.
  const { _write } = client;
  t.after(() => {
    client._write = _write;
  });
  client._write = () => assert.fail('a write of the stream');
  writer.write(Buffer.from(' second'));
  writer.write(Buffer.from(' third'));
  let text = '';
  server.setEncoding('latin1').on('data', (more: string) => {
    text += more;
  });
  server.resume();
  await until(() => text === 'first second third', 'three writes');
});

test('the other end has reset the connection: the socket tells the error, with some bytes waiting or none', async (t) => {
  for (const waiting of [false, true]) {
    const [client, server] = await ends(t);
    const writer = new DirectWriter(client);
    while (waiting && !writer.waits) writer.write(Buffer.alloc(16_384));
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    server.resetAndDestroy();
    const again = setInterval(() => writer.write(Buffer.from('more')), 5);
    await closed;
    clearInterval(again);
    writer.write(Buffer.from('on a socket that is destroyed'));
    assert.ok(client.destroyed);
  }
});

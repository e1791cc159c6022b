import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { DualServer, spoil } from '../../../src/lab/backends/dual-server.js';

async function serverFor(t: TestContext): Promise<DualServer> {
  const server = new DualServer((incoming, response) => {
    incoming.resume();
    if (incoming.url === '/garbage') spoil(incoming);
    else response.end(incoming.httpVersion);
  });
  await server.listen('127.0.0.1', 0);
  t.after(() => (server.listening ? server.shut() : undefined));
  return server;
}

async function overHttp1({ port }: DualServer, path: string): Promise<string> {
  const sent = request({ host: '127.0.0.1', port, path, agent: false, method: 'POST' });
  sent.end('x'.repeat(100_000));
  const [response] = await once(sent, 'response');
  return (await response.toArray()).join('');
}

async function overHttp2({ port }: DualServer, path: string): Promise<string> {
  const session = connect(`http://127.0.0.1:${port}`);
  const failed = once(session, 'error').then(([error]) => Promise.reject(error));
  const stream = session.request({ ':path': path, ':method': 'POST' });
  stream.end('x'.repeat(100_000));
  const answered = stream.toArray().then((chunks) => chunks.join(''));
  try {
    return await Promise.race([answered, failed]);
  } finally {
    session.destroy();
  }
}

test('one port speaks both, also with bodies of many packets', async (t) => {
  const server = await serverFor(t);
  for (const _ of Array(3)) {
    assert.equal(await overHttp1(server, '/'), '1.1');
    assert.equal(await overHttp2(server, '/'), '2.0');
  }
});

test('garbage is no HTTP/1.1, and the end of an HTTP/2 connection', async (t) => {
  const server = await serverFor(t);
  await assert.rejects(overHttp1(server, '/garbage'), /Parse Error/);
  assert.notEqual(await overHttp2(server, '/garbage').catch(() => 'failed'), '2.0');
});

test('it closes with connections open, and opens its port again', async (t) => {
  const server = await serverFor(t);
  const session = connect(`http://127.0.0.1:${server.port}`);
  session.on('error', () => {});
  const gone = new Promise((resolve) => session.on('close', resolve));
  const stream = session.request({ ':path': '/' });
  stream.resume();
  await once(stream, 'close');
  const { port } = server;
  await server.shut();
  await gone;
  await server.listen('127.0.0.1', port);
  assert.equal(await overHttp1(server, '/'), '1.1');
});

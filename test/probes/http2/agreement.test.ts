/** Whether the gateway speaks HTTP/2 at all: ALPN, prior knowledge, server names, and what is said when it does not. */
import assert from 'node:assert/strict';
import { constants, createSecureServer } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { makeCertificate } from '../../../src/lab/mesh/certificates.js';
import { sendSingleRequest } from '../../../src/probes/preflight/single-request.js';
import { runEngine } from '../../support/engine.js';
import {
  goaway,
  type H2Request,
  h2Server,
  rawH2Server,
  respond,
  rst,
  serverNameOf,
  settingsFrame,
} from '../../support/h2-servers.js';
import { planFor } from '../../support/plan.js';
import { refusal } from '../../support/refusal.js';
import { listen, rawServer, response, Seen, tlsServer } from '../../support/servers.js';

const flags = { http2: true, host: 'shop.example' };
const few = { requests: 4, connections: 2, streams: 2, timeoutMs: 20_000 };

async function certificate(...names: string[]) {
  const { certPem, keyPem } = await makeCertificate({ names });
  return { cert: certPem, key: keyPem };
}

test('Host and server name differ, and the server sees both', async (t) => {
  const tls = await certificate('gateway.example');
  const seen = new Set<string>();
  const server = await h2Server(
    t,
    ({ stream, session, headers }: H2Request) => {
      seen.add(`${serverNameOf(session)} ${headers[':authority']} ${headers[':scheme']} ${headers.host}`);
      respond(stream);
    },
    { tls },
  );
  const plan = planFor(`https://${server.at}`, {
    tls: { ca: tls.cert },
    flags: { http2: true, host: 'shop.example:8443', sni: 'gateway.example' },
    load: { requests: 40, connections: 2, streams: 4, timeoutMs: 20_000 },
  });
  const { outcomes, summary } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 40 });
  assert.deepEqual([...seen], ['gateway.example shop.example:8443 https undefined']);
  assert.equal(summary.connectionsOpened, 2);
  const reply = await sendSingleRequest(plan);
  assert.ok(reply.kind === 'reply' && reply.status === 200 && reply.body.toString() === 'ok');
});

test('over TLS too a body is read with the head that it came with', async (t) => {
  const tls = await certificate('shop.example');
  const server = await h2Server(t, ({ stream }) => respond(stream, 'hello from v3'), { tls });
  const plan = planFor(`https://${server.at}`, {
    tls: { ca: tls.cert },
    flags,
    load: { requests: 500, connections: 2, streams: 8, timeoutMs: 20_000 },
    identify: { version: { from: 'body', pattern: 'hello from (v\\d)', flags: '' } },
  });
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 500 });
  assert.ok(samples.every(({ version, sendUs, firstByteUs }) => version === 'v3' && sendUs <= firstByteUs));
});

async function alpnServer(t: TestContext, protocols: string[] | null) {
  const tls = await certificate('shop.example');
  const seen = new Seen();
  const server = createTlsServer({ ...tls, ...(protocols === null ? {} : { ALPNProtocols: protocols }) });
  server.on('secureConnection', (socket) => {
    seen.add(socket);
    socket.on('data', () => socket.end(response()));
  });
  server.on('tlsClientError', () => {});
  return { server: await listen(t, server, seen), ca: tls.cert };
}

for (const [what, protocols, said] of [
  [
    'http/1.1',
    ['http/1.1'],
    /does not speak HTTP\/2: the TLS handshake \(ALPN\) agreed on http\/1\.1, not on h2\. Leave out --http2/,
  ],
  ['nothing', null, /ALPN\) agreed on no protocol, not on h2\. Leave out --http2/],
] as const) {
  test(`ALPN that ends in ${what} is an error, not HTTP/1.1`, async (t) => {
    const { server, ca } = await alpnServer(t, protocols === null ? null : [...protocols]);
    const plan = planFor(`https://${server.at}`, { tls: { ca }, flags, load: few });
    const { message, outcomes } = await refusal(plan);
    assert.match(message, said);
    assert.deepEqual(outcomes, { 'no-http2': 4 });
  });
}

test('a server that refuses the handshake because of ALPN', async (t) => {
  const { server, ca } = await alpnServer(t, ['spdy/3']);
  const plan = planFor(`https://${server.at}`, { tls: { ca }, flags, load: few });
  const { message, outcomes } = await refusal(plan);
  assert.match(message, /does not speak HTTP\/2/);
  assert.deepEqual(outcomes, { 'no-http2': 4 });
});

test('a server name that the gateway does not have', async (t) => {
  const tls = await certificate('gateway.example');
  const server = createSecureServer({
    ...tls,
    SNICallback: (name, callback) => callback(name === 'gateway.example' ? null : new Error('unknown')),
  });
  server.on('tlsClientError', () => {});
  const seen = new Seen();
  server.on('connection', (socket) => seen.add(socket));
  const { at } = await listen(t, server, seen);
  const plan = planFor(`https://${at}`, { tls: { ca: tls.cert }, flags, load: few });
  const { message, outcomes } = await refusal(plan);
  assert.match(message, /during the TLS handshake, with the server name 'shop\.example'.*--host or --sni/);
  assert.deepEqual(outcomes, { tls: 4 });
});

test('a certificate for another name, and one of no known authority', async (t) => {
  const tls = await certificate('other.example');
  const server = await h2Server(t, ({ stream }) => respond(stream), { tls });
  const named = await refusal(planFor(`https://${server.at}`, { tls: { ca: tls.cert }, flags, load: few }));
  assert.match(named.message, /certificate of .* is for other names/);
  assert.deepEqual(named.outcomes, { tls: 4 });
  const unknown = await refusal(planFor(`https://${server.at}`, { flags, load: few }));
  assert.match(unknown.message, /not signed by an authority that this machine trusts.*--cacert/);
  const unverified = planFor(`https://${server.at}`, { tls: { verify: false }, flags, load: few });
  assert.deepEqual((await runEngine(unverified)).outcomes, { ok: 4 });
});

test('a server that wants a client certificate and gets none, and one', async (t) => {
  const tls = await certificate('shop.example');
  const server = await h2Server(t, ({ stream }) => respond(stream), {
    tls: { ...tls, ca: tls.cert, requestCert: true, rejectUnauthorized: true },
  });
  const without = planFor(`https://${server.at}`, { tls: { ca: tls.cert }, flags, load: few });
  const { message } = await refusal(without);
  assert.match(message, /client certificate: --cert and --key/);
  const given = { ca: tls.cert, cert: tls.cert, key: tls.key };
  const { outcomes } = await runEngine(planFor(`https://${server.at}`, { tls: given, flags, load: few }));
  assert.deepEqual(outcomes, { ok: 4 });
});

test('HTTP/1.1 where HTTP/2 without TLS was to be', async (t) => {
  const server = await rawServer(t, (socket) => socket.end(response({ status: 400 })));
  const { message, outcomes } = await refusal(planFor(`http://${server.at}`, { flags, load: few }));
  assert.match(message, /does not speak HTTP\/2 without TLS \(h2c\).*Leave out --http2.*https:\/\//);
  assert.deepEqual(outcomes, { 'no-http2': 4 });
});

test('a TLS port, and a server that closes without a word', async (t) => {
  const tls = await certificate('shop.example');
  const secure = await tlsServer(t, tls, () => {});
  const { message } = await refusal(planFor(`http://${secure.at}`, { flags, load: few }));
  assert.match(message, /If it is a TLS port, use https:\/\//);
  const closing = await rawH2Server(t, () => {}, {
    preface: Buffer.alloc(0),
    onFrame: (socket) => socket.end(),
  });
  const closed = await refusal(planFor(`http://${closing.at}`, { flags, load: few }));
  assert.match(closed.message, /closed the connection without any HTTP\/2 response/);
  assert.deepEqual(closed.outcomes, { closed: 4 });
});

test('a server that never speaks: the connecting times out, and nothing was sent', async (t) => {
  const server = await rawServer(t, () => {});
  const plan = planFor(`http://${server.at}`, { flags, load: { ...few, timeoutMs: 200 } });
  const { message, outcomes } = await refusal(plan);
  assert.match(message, /did not open an HTTP\/2 connection within 200 ms/);
  assert.deepEqual(outcomes, { 'connect-timeout': 4 });
});

test('the first stream refused, reset, and answered by a GOAWAY', async (t) => {
  const refuse = await rawH2Server(t, (socket, { streamId }) => socket.write(rst(streamId, 7)));
  const refused = await refusal(planFor(`http://${refuse.at}`, { flags, load: few }));
  assert.match(refused.message, /did not process the first request .*REFUSED_STREAM.*can be sent again/);
  assert.deepEqual(refused.outcomes, { 'refused-stream': 4 });
  const required = await rawH2Server(t, (socket, { streamId }) =>
    socket.write(rst(streamId, constants.NGHTTP2_HTTP_1_1_REQUIRED)),
  );
  const reset = await refusal(planFor(`http://${required.at}`, { flags, load: few }));
  assert.match(reset.message, /ended the first request before it was answered: .*HTTP_1_1_REQUIRED/);
  const leaving = await rawH2Server(t, () => {}, { preface: Buffer.concat([settingsFrame(), goaway(0, 0)]) });
  const left = await refusal(planFor(`http://${leaving.at}`, { flags, load: few }));
  assert.match(left.message, /did not process the first request/);
});

/** TLS: what a server sees of us, and what is said of certificates and names that do not hold. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { makeCertificate } from '../../../src/lab/mesh/certificates.js';
import { runEngine } from '../../support/engine.js';
import { type PlanChanges, planFor } from '../../support/plan.js';
import { refusal } from '../../support/refusal.js';
import { response, tlsServer } from '../../support/servers.js';

interface Handshake {
  sni: string | false;
  host: string | undefined;
}

/** An HTTPS server for the names, and what it saw of each request. */
async function secure(t: TestContext, names: readonly string[], notAfter?: Date) {
  const made = await makeCertificate({
    names,
    ...(notAfter === undefined ? {} : { notAfter, notBefore: new Date(notAfter.getTime() - 86_400_000) }),
  });
  const handshakes: Handshake[] = [];
  const server = await tlsServer(t, { cert: made.certPem, key: made.keyPem }, (socket, { head }) => {
    handshakes.push({
      sni: (socket as TLSSocket).servername as string | false,
      host: /^host: (.*)$/im.exec(head)?.[1],
    });
    socket.write(response());
  });
  return { server, handshakes, ca: made.certPem };
}

const few = (changes: PlanChanges): PlanChanges => ({
  ...changes,
  load: { requests: 4, connections: 2, timeoutMs: 60_000, ...changes.load },
});

test('Host and server name may differ, and the server sees both', async (t) => {
  const { server, handshakes, ca } = await secure(t, ['gateway.example']);
  const plan = planFor(
    `https://${server.at}/`,
    few({ tls: { ca }, flags: { host: 'shop.example:8443', sni: 'gateway.example' } }),
  );
  const { outcomes } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 4 });
  assert.deepEqual(
    new Set(handshakes.map((one) => JSON.stringify(one))),
    new Set([JSON.stringify({ sni: 'gateway.example', host: 'shop.example:8443' })]),
  );
});

test('the server name is the Host without its port when nothing else is said', async (t) => {
  const { server, handshakes, ca } = await secure(t, ['shop.example']);
  const plan = planFor(`https://${server.at}/`, few({ tls: { ca }, flags: { host: 'shop.example:8443' } }));
  assert.deepEqual((await runEngine(plan)).outcomes, { ok: 4 });
  assert.equal(handshakes[0]?.sni, 'shop.example');
});

test('an IP address is never sent as a server name, and the certificate must cover it', async (t) => {
  const { server, handshakes, ca } = await secure(t, ['127.0.0.1']);
  const plan = planFor(`https://${server.at}/`, few({ tls: { ca } }));
  assert.deepEqual((await runEngine(plan)).outcomes, { ok: 4 });
  assert.equal(handshakes[0]?.sni, false);
});

test('a self-signed certificate is refused and named', async (t) => {
  const { server, handshakes } = await secure(t, ['shop.example']);
  const plan = planFor(`https://${server.at}/`, few({ flags: { host: 'shop.example' } }));
  const { message, outcomes } = await refusal(plan);
  assert.match(message, /not signed by an authority that this machine trusts/);
  assert.match(message, /--cacert FILE/);
  assert.deepEqual(outcomes, { tls: 4 });
  assert.equal(handshakes.length, 0, 'nothing was sent to a server that is not trusted');
});

test('-k accepts any certificate', async (t) => {
  const { server, handshakes } = await secure(t, ['other.example']);
  const plan = planFor(
    `https://${server.at}/`,
    few({ tls: { verify: false }, flags: { host: 'shop.example' } }),
  );
  assert.deepEqual((await runEngine(plan)).outcomes, { ok: 4 });
  assert.equal(handshakes[0]?.sni, 'shop.example');
});

test('a certificate for other names is refused and named', async (t) => {
  const { server, ca, handshakes } = await secure(t, ['other.example']);
  const plan = planFor(`https://${server.at}/`, few({ tls: { ca }, flags: { host: 'shop.example' } }));
  const started = performance.now();
  const { message, outcomes } = await refusal(plan);
  assert.match(message, /is for other names/);
  assert.match(message, /other\.example/);
  assert.deepEqual(outcomes, { tls: 4 });
  assert.equal(handshakes.length, 0);
  assert.ok(performance.now() - started < 30_000, 'it does not wait for the time-out');
});

test('an expired certificate is refused and named', async (t) => {
  const { server, ca } = await secure(t, ['shop.example'], new Date(Date.now() - 3_600_000));
  const plan = planFor(`https://${server.at}/`, few({ tls: { ca }, flags: { host: 'shop.example' } }));
  const { message, outcomes } = await refusal(plan);
  assert.match(message, /has expired/);
  assert.deepEqual(outcomes, { tls: 4 });
});

test('a server that resets a wrong server name: the name is said', async (t) => {
  const made = await makeCertificate({ names: ['shop.example'] });
  const server = await tlsServer(
    t,
    {
      cert: made.certPem,
      key: made.keyPem,
      SNICallback(this: unknown, name, callback) {
        if (name === 'shop.example') callback(null);
        else for (const socket of sockets()) socket.resetAndDestroy();
      },
    },
    (socket) => socket.write(response()),
  );
  const sockets = () => server.handshaking;
  const plan = planFor(
    `https://${server.at}/`,
    few({ tls: { ca: made.certPem }, flags: { host: 'wrong.example' } }),
  );
  const { message, outcomes } = await refusal(plan);
  assert.match(
    message,
    /closed the connection during the TLS handshake, with the server name 'wrong\.example'/,
  );
  assert.match(message, /--host or --sni/);
  assert.deepEqual(outcomes, { tls: 4 });
  const right = planFor(
    `https://${server.at}/`,
    few({ tls: { ca: made.certPem }, flags: { host: 'shop.example' } }),
  );
  assert.deepEqual((await runEngine(right)).outcomes, { ok: 4 });
});

test('a server that wants a client certificate', async (t) => {
  const made = await makeCertificate({ names: ['shop.example'] });
  const server = await tlsServer(
    t,
    { cert: made.certPem, key: made.keyPem, ca: made.certPem, requestCert: true, rejectUnauthorized: true },
    (socket) => socket.write(response()),
  );
  const url = `https://${server.at}/`;
  const flags = { host: 'shop.example' };
  const { message, outcomes } = await refusal(planFor(url, few({ tls: { ca: made.certPem }, flags })));
  assert.match(message, /client certificate: --cert and --key/);
  assert.deepEqual(outcomes, { tls: 4 });
  const tls = { ca: made.certPem, cert: made.certPem, key: made.keyPem };
  assert.deepEqual((await runEngine(planFor(url, few({ tls, flags })))).outcomes, { ok: 4 });
});

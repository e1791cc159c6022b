import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import { connect, createServer } from 'node:tls';
import { makeCertificate } from '../../../src/lab/mesh/certificates.js';

test('a certificate carries DNS names, wildcards and IP addresses', async () => {
  const made = await makeCertificate({ names: ['test.devopscube.com', '*.tls.lab', '127.0.0.1', '::1'] });
  const certificate = new X509Certificate(made.certPem);
  assert.equal(
    certificate.subjectAltName,
    'DNS:test.devopscube.com, DNS:*.tls.lab, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  assert.ok(certificate.verify(certificate.publicKey), 'signed by itself');
  assert.ok(Date.parse(certificate.validFrom) < Date.now() && Date.now() < Date.parse(certificate.validTo));
});

test('validity is as asked', async () => {
  const notBefore = new Date('2020-01-01T00:00:00Z');
  const notAfter = new Date('2020-02-01T00:00:00Z');
  const certificate = new X509Certificate(
    (await makeCertificate({ names: ['old.lab'], notBefore, notAfter })).certPem,
  );
  assert.equal(Date.parse(certificate.validFrom), notBefore.getTime());
  assert.equal(Date.parse(certificate.validTo), notAfter.getTime());
});

test('no name is refused', async () => {
  await assert.rejects(makeCertificate({ names: [] }), RangeError);
});

test('a client that trusts the certificate accepts it, one that does not refuses it', async () => {
  const { certPem, keyPem } = await makeCertificate({ names: ['a.lab'] });
  const server = createServer({ cert: certPem, key: keyPem }, (socket) => socket.end());
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const trusted = connect({ port, host: '127.0.0.1', servername: 'a.lab', ca: certPem });
    await once(trusted, 'secureConnect');
    assert.equal(trusted.authorized, true);
    trusted.destroy();
    const stranger = connect({ port, host: '127.0.0.1', servername: 'a.lab' });
    const [error] = (await once(stranger, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  } finally {
    server.close();
    await once(server, 'close');
  }
});

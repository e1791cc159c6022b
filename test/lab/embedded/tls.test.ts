import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import test from 'node:test';
import { connect } from 'node:tls';
import { startLab } from '../../../src/lab/lab.js';
import { readYaml, tutorialRoute } from '../manifests.js';

const TLS_LISTENERS = `  - {name: https, hostname: test.devopscube.com, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}
  - {name: star, hostname: '*.tls.lab', port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}
`;
const STAR_ROUTE = `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: star, namespace: istio-test}
spec:
  parentRefs: [{name: istio-gateway}]
  hostnames: [a.tls.lab]
  rules: [{backendRefs: [{name: backend-v2, port: 80}]}]
`;

test('HTTPS: routes by SNI, resets what no listener is for, 404 for the Host of another listener', async () => {
  const yaml = `${tutorialRoute({ weights: [1, 0] }).replace('protocol: HTTP}\n', `protocol: HTTP}\n${TLS_LISTENERS}`)}${STAR_ROUTE}`;
  const lab = await startLab({ manifests: await readYaml(yaml), seed: 1 });
  try {
    const url = new URL(lab.urls.https ?? '');
    const ca = lab.caPem ?? '';
    const get = (servername: string, host: string) =>
      new Promise<[status: number, body: string]>((resolve, reject) => {
        const sent = request(url, { servername, headers: { host }, ca, agent: false }, (response) => {
          let body = '';
          response.on('data', (part) => {
            body += part;
          });
          response.on('end', () => resolve([response.statusCode ?? 0, body]));
        });
        sent.on('error', reject);
        sent.end();
      });
    assert.deepEqual(await get('test.devopscube.com', 'test.devopscube.com'), [
      200,
      'hello from backend v1\n',
    ]);
    assert.deepEqual(await get('a.tls.lab', 'a.tls.lab:443'), [200, 'hello from backend v2\n']);
    assert.deepEqual(await get('a.tls.lab', 'test.devopscube.com'), [404, '']);
    await assert.rejects(get('wrong.lab', 'test.devopscube.com'), { code: 'ECONNRESET' });

    const withoutName = connect({ host: '127.0.0.1', port: Number(url.port), ca });
    const [error] = (await once(withoutName, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');

    const plain = connectTcp(Number(url.port), '127.0.0.1');
    plain.write('GET / HTTP/1.1\r\nhost: test.devopscube.com\r\n\r\n');
    const [reset] = (await once(plain, 'error')) as [NodeJS.ErrnoException];
    assert.equal(reset.code, 'ECONNRESET');
  } finally {
    await lab.close();
  }
});

import assert from 'node:assert/strict';
import { request } from 'node:http';
import test from 'node:test';
import { type Lab, startLab } from '../../../src/lab/lab.js';
import { ask, askMany } from '../client.js';
import { readYaml, tutorialRoute } from '../manifests.js';

async function withLab(work: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await startLab({ manifests: await readYaml(tutorialRoute()), seed: 1 });
  try {
    await work(lab);
  } finally {
    await lab.close();
  }
}

async function call(
  lab: Lab,
  method: string,
  path: string,
  body?: string,
): Promise<[number, Record<string, unknown>]> {
  const options = body === undefined ? { method } : { method, body };
  const answer = await fetch(`${lab.urls.control}${path}`, options);
  return [answer.status, (await answer.json()) as Record<string, unknown>];
}

test('state, faults and weights', async () => {
  await withLab(async (lab) => {
    const url = lab.urls.http ?? '';
    assert.deepEqual(await call(lab, 'POST', '/faults', '{"fault": "v2:status=500"}'), [
      200,
      { set: 'v2:status=500' },
    ]);
    assert.equal((await call(lab, 'PUT', '/weights', '{"backend-v1": 0, "backend-v2": 1}'))[0], 200);
    assert.ok((await askMany(url, 10, 2)).every(({ status }) => status === 500));
    const [status, state] = await call(lab, 'GET', '/state');
    assert.equal(status, 200);
    assert.deepEqual(state['versions'], { 'backend-v1': 0, 'backend-v2': 10 });
    assert.deepEqual(state['faults'], [{ fault: 'v2:status=500', pods: ['v2-0', 'v2-1'], state: 'on' }]);
    assert.deepEqual(state['ejected'], {});
    assert.equal((await call(lab, 'DELETE', '/faults'))[0], 200);
    assert.equal((await ask(url)).status, 200);
  });
});

test('bad input is answered with 400 and words', async () => {
  await withLab(async (lab) => {
    for (const [method, path, body, error] of [
      ['POST', '/faults', '', /^the body is not JSON: \(empty\)$/],
      ['POST', '/faults', '{', /^the body is not JSON: \{$/],
      ['POST', '/faults', '"v2:close"', /^the body is not an object such as/],
      ['POST', '/faults', '{"fault": 3}', /^the body is not an object such as/],
      ['POST', '/faults', '{"fault": "v9:close"}', /^fault: there is no pod, version or service 'v9'/],
      ['POST', '/faults', '{"fault": "v2:\\u001b[2J"}', /^fault: .* is no EFFECT/],
      ['POST', '/faults', `{"fault": "${'x'.repeat(70_000)}"}`, /^the body is larger than 65536 bytes$/],
      ['PUT', '/weights', '[]', /^weights: not an object/],
      ['PUT', '/weights', '{"backend-v1": -1}', /^weights: backend-v1: -1 is not a weight/],
      ['PUT', '/weights', '{"v3": 1}', /^weights: no route has a backend 'v3'/],
    ] as const) {
      const [status, answer] = await call(lab, method, path, body);
      assert.equal(status, 400, `${path} ${body.slice(0, 40)}`);
      assert.match(String(answer['error']), error);
      assert.doesNotMatch(String(answer['error']), /\u001b/);
    }
    const [status, answer] = await call(lab, 'GET', '/nothing');
    assert.equal(status, 404);
    assert.match(String(answer['error']), /there is no GET \/nothing/);
    assert.deepEqual(lab.faults(), []);
  });
});

test('web pages are kept out', async () => {
  await withLab(async (lab) => {
    const statusWith = (headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        const sent = request(`${lab.urls.control}/faults`, { method: 'DELETE', headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        sent.on('error', reject);
        sent.end();
      });
    assert.equal(await statusWith({ origin: 'https://example.com' }), 403);
    assert.equal(await statusWith({ host: 'rebound.example.com' }), 403);
    assert.equal(await statusWith({ host: 'localhost:8081' }), 200);
  });
});

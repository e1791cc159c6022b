import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBy } from './fixtures.js';
import { NGINX_PAGE_BODY, PRODUCT_PAGE_BODY, WHOAMI_BODY } from './samples.js';

const NOTHING = { version: null, endpoint: null };
const crlf = (text: string) => text.replaceAll(/\r?\n/g, '\r\n');

test('istio-helloworld: one line, by its start', () => {
  const read = (body: string) => readBy('istio-helloworld', body);
  const found = { version: 'v1', endpoint: 'helloworld-v1-x' };
  assert.deepEqual(read('Hello version: v1, instance: helloworld-v1-x'), found);
  assert.deepEqual(read('Hello version: v1, instance: helloworld-v1-x\r\n'), found);
  assert.deepEqual(
    read('x-trap: Hello version: v9, instance: evil\nHello version: v1, instance: helloworld-v1-x'),
    found,
  );
  assert.deepEqual(
    read('Hello version: v1, instance: helloworld-v1-x\nHello version: v9, instance: evil\n'),
    found,
  );
  assert.deepEqual(read('Hello version: v1\n, instance: x\n'), NOTHING);
  assert.deepEqual(read('Hello version: , instance: x'), NOTHING);
});

test('whoami: the name only as the first line, else the workload of the hostname', () => {
  const read = (body: string) => readBy('whoami', body);
  const named = { version: 'blue', endpoint: 'whoami-blue-6d5f4b9c7-k8s2p' };
  assert.deepEqual(read(WHOAMI_BODY), named);
  assert.deepEqual(read(crlf(WHOAMI_BODY)), named);
  const nameless = WHOAMI_BODY.replace('Name: blue\n', '');
  for (const body of [nameless, crlf(nameless), nameless.replace('Host:', '\r\nName: v9\r\nHost:')]) {
    assert.deepEqual(read(body), { ...named, version: 'whoami-blue' }, 'a header Name: v9 is not the name');
  }
  assert.deepEqual(read('Hostname: web-12\nIP: ::1\n'), { version: 'web', endpoint: 'web-12' });
  assert.deepEqual(read('Name: \nHostname: web-0\n'), { version: 'web', endpoint: 'web-0' });
  assert.deepEqual(read('GET / HTTP/1.1\r\nX: Hostname: evil\r\n'), NOTHING);
});

test('whoami: /api', () => {
  const read = (json: unknown) => readBy('whoami', JSON.stringify(json));
  assert.deepEqual(read({ name: 'v2', hostname: 'a-0', headers: { name: 'v9' } }), {
    version: 'v2',
    endpoint: 'a-0',
  });
  assert.deepEqual(read({ headers: { Name: ['v9'], name: 'v9', hostname: 'evil' }, hostname: 'a-0' }), {
    version: 'a',
    endpoint: 'a-0',
  });
  assert.deepEqual(read({ headers: { name: 'v9', hostname: 'evil' } }), NOTHING);
});

test('hello-app: lines by their start, the first of each', () => {
  const read = (body: string) => readBy('hello-app', body);
  const found = { version: '1.0.0', endpoint: 'hello-x' };
  const body = 'Hello, world!\nVersion: 1.0.0\nHostname: hello-x';
  assert.deepEqual(read(body), found);
  assert.deepEqual(read(crlf(body)), found);
  assert.deepEqual(read(crlf(`${body}\nVersion: v9\nHostname: evil\n`)), found);
  assert.deepEqual(read(`Hello, world!\nX-Trap: Version: v9\n${body}`), found);
});

test('nginx-hello: the workload of the server, in text and page, not in the URI', () => {
  const read = (body: string) => readBy('nginx-hello', body);
  const found = { version: 'tea', endpoint: 'tea-7cd44fcb4d-xfw2x' };
  const body = 'Server address: 10.1.2.3:80\nServer name: tea-7cd44fcb4d-xfw2x\nURI: /Server name: evil\n';
  assert.deepEqual(read(body), found);
  assert.deepEqual(read(crlf(`${body}Server name: v9\n`)), found);
  assert.deepEqual(read('URI: /Server name: evil\n'), NOTHING);
  assert.deepEqual(read(crlf(NGINX_PAGE_BODY)).version, 'coffee-v2');
});

test('bookinfo: what the page says after its heading, not a user of that name', () => {
  const read = (body: string) => readBy('bookinfo', body);
  assert.equal(read(crlf(PRODUCT_PAGE_BODY)).version, 'reviews-v3');
  assert.deepEqual(read(PRODUCT_PAGE_BODY.replaceAll('reviews-v3-67f4988599-kmhgr', '')), NOTHING);
  assert.deepEqual(
    read('<p>Reviews served by: evil</p><h4>Book Reviews</h4><p>Error fetching reviews</p>'),
    NOTHING,
  );
});

test('rollouts-demo: a JSON string; in an error only if it is a candidate', () => {
  const version = (body: string, candidates: string[] = [], kind: 'answer' | 'doubtful' | 'cut' = 'answer') =>
    readBy('rollouts-demo', body, candidates, kind).version;
  assert.equal(version('"blue"'), 'blue');
  assert.equal(version(' "blue"\r\n'), 'blue');
  assert.equal(version('blue'), null);
  assert.equal(version('["blue"]'), null);
  assert.equal(version('""'), null);
  assert.equal(version('"blue"', ['blue'], 'doubtful'), 'blue');
  assert.equal(version('"bad gateway"', ['blue'], 'doubtful'), null);
  assert.equal(version('"blu', ['blue'], 'cut'), null);
});

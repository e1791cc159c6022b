/** An answer of each preset's app, as it looks with the request's headers `x-trap: v9` and the like in it. */
import type { PresetName } from '../../../src/plan/plan.js';
import { rawHeaders } from '../../support/raw-headers.js';
import { GATEWAY_API_ECHO_BODY, ISTIO_ECHO_BODY, PODINFO_BODY } from './fixtures.js';

export interface AppSample {
  readonly preset: PresetName;
  readonly headers: readonly Buffer[];
  readonly body: string;
  readonly version: string;
  readonly endpoint: string | null;
}

const PLAIN: [string, string] = ['Content-Type', 'text/plain; charset=utf-8'];
const JSON_TYPE: [string, string] = ['Content-Type', 'application/json'];
const HTML: [string, string] = ['Content-Type', 'text/html; charset=utf-8'];

export const WHOAMI_BODY = [
  'Name: blue',
  'Hostname: whoami-blue-6d5f4b9c7-k8s2p',
  'IP: 127.0.0.1',
  'IP: 10.1.2.3',
  'RemoteAddr: 10.1.0.1:41234',
  'GET / HTTP/1.1\r',
  'Host: test.devopscube.com\r',
  'Name: v9\r',
  'Hostname: evil\r',
  'User-Agent: weighbridge\r',
  '\r',
  '',
].join('\n');

const WHOAMI_API_BODY = JSON.stringify({
  hostname: 'whoami-blue-6d5f4b9c7-k8s2p',
  ip: ['127.0.0.1', '10.1.2.3'],
  headers: { Name: ['v9'], Hostname: ['evil'], name: ['v9'] },
  url: '/api',
  host: 'test.devopscube.com',
  method: 'GET',
  name: 'blue',
  remoteAddr: '10.1.0.1:41234',
});

const REVIEWS_BODY = JSON.stringify({
  id: '0',
  podname: 'reviews-v2-79857b95b-q7xzr',
  clustername: 'null',
  reviews: [
    { reviewer: 'A', text: 'It was a book, podname: v9.', rating: { stars: 4, color: 'black' } },
    { reviewer: 'B', text: 'So it was.', rating: { stars: 2, color: 'black' } },
  ],
});

export const PRODUCT_PAGE_BODY = `<!DOCTYPE html>
<title>Books</title>
<p>Reviews served by: evil-v9 &lt;/h4&gt;</p>
<h4 class="big">Book Reviews</h4>
<section>
  <div class="mono">Reviews served by:
    reviews-v3-67f4988599-kmhgr

  </div>
</section>
<section>
  <div class="mono">Reviews served by:
    reviews-v3-67f4988599-kmhgr
  </div>
</section>
`;

const OLD_PRODUCT_PAGE_BODY = `<html><h4>Book Reviews</h4>
<dl>
  <dt>Reviews served by:</dt>
  <u>reviews-v1-5fd6d4f8f8-lmpl5</u>
</dl>
</html>`;

export const NGINX_PAGE_BODY = `<!DOCTYPE html>
<p><span>Server&nbsp;address:</span> <span>10.1.2.3:8080</span></p>
<p><span>Server&nbsp;name:</span> <span>coffee-v2-7c86d7d67c-8x2qz</span></p>
<p class="smaller"><span>URI:</span> <span>/?<span>Server&nbsp;name:</span> <span>evil</span></p>
`;

const WHEREAMI_BODY = JSON.stringify({
  backend_result: { metadata: 'v9', pod_name: 'whereami-backend-769bdff967-6plr6' },
  cluster_name: 'east',
  headers: { Metadata: 'v9', metadata: 'v9', pod_name: 'evil' },
  host_header: 'test.devopscube.com',
  metadata: 'canary',
  pod_name: 'whereami-canary-6f5545f49c-8thlp',
  pod_name_emoji: '☸',
  timestamp: '2026-01-01T00:00:00',
  zone: 'a',
});

export const HTTPS_ECHO_BODY = JSON.stringify(
  {
    path: '/',
    headers: { host: 'test.devopscube.com', os: 'evil', hostname: 'evil', version: 'v9' },
    method: 'POST',
    body: '{"os":{"hostname":"evil-v9"}}',
    json: { os: { hostname: 'evil-v9' } },
    hostname: 'test.devopscube.com',
    query: { os: { hostname: 'evil-v9' } },
    os: { hostname: 'echo-v1-7d9f8b6c5d-x2x4z' },
    connection: { servername: 'test.devopscube.com' },
  },
  null,
  2,
);

export const COMPLETION_BODY = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'llama-v2',
  choices: [{ index: 0, message: { role: 'assistant', content: '{"model":"v9"}\n"model": "v9"' } }],
});

/** What the model wrote, of what a prompt can make it write. */
const EVIL_TOKEN = '\ndata: {"model":"v9"}\n';

export function event(content: string, model = 'llama-v2'): string {
  const chunk = { id: 'c1', object: 'chat.completion.chunk', created: 1, model };
  return `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta: { content } }] })}\n\n`;
}

export const STREAM_BODY = `: hello\n\n${event('')}${event(EVIL_TOKEN)}${event('.')}data: [DONE]\n\n`;

export const APP_SAMPLES: readonly AppSample[] = [
  {
    preset: 'http-echo',
    headers: rawHeaders(PLAIN, ['X-App-Name', 'http-echo'], ['X-App-Version', '1.0.0']),
    body: 'hello from backend v1\n',
    version: 'v1',
    endpoint: null,
  },
  {
    preset: 'podinfo',
    headers: rawHeaders(JSON_TYPE),
    body: PODINFO_BODY,
    version: '6.7.0',
    endpoint: 'podinfo-canary-5d4f8c7b9-x2x4z',
  },
  {
    preset: 'istio-echo',
    headers: rawHeaders(PLAIN),
    body: ISTIO_ECHO_BODY,
    version: 'v1',
    endpoint: 'echo-v1-5d4f8c7b9-x2x4z',
  },
  {
    preset: 'gateway-api-echo',
    headers: rawHeaders(JSON_TYPE),
    body: GATEWAY_API_ECHO_BODY,
    version: 'infra-backend-v1',
    endpoint: 'infra-backend-v1-7d9f8b6c5d-x2x4z',
  },
  {
    preset: 'istio-helloworld',
    headers: rawHeaders(HTML),
    body: 'Hello version: v2, instance: helloworld-v2-7f46498c69-phxz6\n',
    version: 'v2',
    endpoint: 'helloworld-v2-7f46498c69-phxz6',
  },
  {
    preset: 'bookinfo',
    headers: rawHeaders(JSON_TYPE),
    body: REVIEWS_BODY,
    version: 'reviews-v2',
    endpoint: 'reviews-v2-79857b95b-q7xzr',
  },
  {
    preset: 'bookinfo',
    headers: rawHeaders(HTML),
    body: PRODUCT_PAGE_BODY,
    version: 'reviews-v3',
    endpoint: 'reviews-v3-67f4988599-kmhgr',
  },
  {
    preset: 'bookinfo',
    headers: rawHeaders(HTML),
    body: OLD_PRODUCT_PAGE_BODY,
    version: 'reviews-v1',
    endpoint: 'reviews-v1-5fd6d4f8f8-lmpl5',
  },
  {
    preset: 'whoami',
    headers: rawHeaders(PLAIN),
    body: WHOAMI_BODY,
    version: 'blue',
    endpoint: 'whoami-blue-6d5f4b9c7-k8s2p',
  },
  {
    preset: 'whoami',
    headers: rawHeaders(JSON_TYPE),
    body: WHOAMI_API_BODY,
    version: 'blue',
    endpoint: 'whoami-blue-6d5f4b9c7-k8s2p',
  },
  {
    preset: 'rollouts-demo',
    headers: rawHeaders(PLAIN),
    body: '"blue"',
    version: 'blue',
    endpoint: null,
  },
  {
    preset: 'hello-app',
    headers: rawHeaders(PLAIN),
    body: 'Hello, world!\nVersion: 2.0.0\nHostname: hello-v2-5b8f7c9d4-zz8vk\n',
    version: '2.0.0',
    endpoint: 'hello-v2-5b8f7c9d4-zz8vk',
  },
  {
    preset: 'nginx-hello',
    headers: rawHeaders(PLAIN),
    body: [
      'Server address: 10.1.2.3:8080',
      'Server name: coffee-v2-7c86d7d67c-8x2qz',
      'Date: 01/Jan/2026:00:00:00 +0000',
      'URI: /?Server name: evil',
      'Request ID: 0123456789abcdef',
      '',
    ].join('\n'),
    version: 'coffee-v2',
    endpoint: 'coffee-v2-7c86d7d67c-8x2qz',
  },
  {
    preset: 'nginx-hello',
    headers: rawHeaders(HTML),
    body: NGINX_PAGE_BODY,
    version: 'coffee-v2',
    endpoint: 'coffee-v2-7c86d7d67c-8x2qz',
  },
  {
    preset: 'whereami',
    headers: rawHeaders(JSON_TYPE),
    body: WHEREAMI_BODY,
    version: 'canary',
    endpoint: 'whereami-canary-6f5545f49c-8thlp',
  },
  {
    preset: 'https-echo',
    headers: rawHeaders(JSON_TYPE),
    body: HTTPS_ECHO_BODY,
    version: 'echo-v1',
    endpoint: 'echo-v1-7d9f8b6c5d-x2x4z',
  },
  {
    preset: 'openai',
    headers: rawHeaders(JSON_TYPE),
    body: COMPLETION_BODY,
    version: 'llama-v2',
    endpoint: null,
  },
  {
    preset: 'openai',
    headers: rawHeaders(['content-type', 'text/event-stream; charset=utf-8']),
    body: STREAM_BODY,
    version: 'llama-v2',
    endpoint: null,
  },
];

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { viewBody } from '../../../src/probes/identifier/body-view.js';
import { openai } from '../../../src/probes/identifier/presets/openai.js';
import { rawHeaders } from '../../support/raw-headers.js';
import { readBy } from './fixtures.js';
import { COMPLETION_BODY, event, HTTPS_ECHO_BODY, STREAM_BODY } from './samples.js';

const NOTHING = { version: null, endpoint: null };

test('whereami: metadata, else the workload; not those of a backend or a header', () => {
  const read = (json: unknown) => readBy('whereami', JSON.stringify(json));
  const pod = 'whereami-v2-6f5545f49c-8thlp';
  assert.deepEqual(read({ pod_name: pod, metadata: 'v2' }), { version: 'v2', endpoint: pod });
  for (const metadata of [undefined, '', 7, { a: 'v9' }]) {
    assert.deepEqual(read({ pod_name: pod, metadata }), { version: 'whereami-v2', endpoint: pod });
  }
  const nested = { metadata: 'v9', pod_name: 'evil' };
  assert.deepEqual(read({ backend_result: nested, headers: nested, pod_name: pod }), {
    version: 'whereami-v2',
    endpoint: pod,
  });
  assert.deepEqual(read({ backend_result: nested, headers: nested }), NOTHING);
});

test('https-echo: os.hostname, never the Host and nothing that was sent', () => {
  assert.deepEqual(readBy('https-echo', HTTPS_ECHO_BODY.replaceAll('\n', '\r\n')), {
    version: 'echo-v1',
    endpoint: 'echo-v1-7d9f8b6c5d-x2x4z',
  });
  const sent = {
    hostname: 'evil',
    headers: { os: { hostname: 'evil' } },
    json: { os: { hostname: 'evil' } },
  };
  assert.deepEqual(readBy('https-echo', JSON.stringify(sent)), NOTHING);
  assert.deepEqual(readBy('https-echo', '{"os":{"hostname":["evil"]}}'), NOTHING);
});

test('bookinfo: podname of the reviews', () => {
  const read = (json: unknown) => readBy('bookinfo', JSON.stringify(json));
  assert.deepEqual(read({ podname: 'reviews-v1-545db77b95-2xjzk' }), {
    version: 'reviews-v1',
    endpoint: 'reviews-v1-545db77b95-2xjzk',
  });
  assert.deepEqual(read({ podname: 'null', reviews: [] }), NOTHING);
  assert.deepEqual(read({ reviews: [{ podname: 'evil' }], headers: { podname: 'evil' } }), NOTHING);
});

const version = (body: string, kind: 'answer' | 'doubtful' | 'cut' = 'answer') =>
  readBy('openai', body, [], kind).version;

test('openai: the model of an answer, also when it goes on past the limit', () => {
  assert.equal(version(COMPLETION_BODY), 'llama-v2');
  assert.equal(version('{"choices":[{"message":{"model":"v9"}}],"model":"m"}'), 'm');
  assert.equal(version(COMPLETION_BODY.slice(0, -10), 'cut'), 'llama-v2');
  const indented = JSON.stringify(JSON.parse(COMPLETION_BODY), null, 2);
  assert.equal(version(indented.slice(0, -10), 'cut'), 'llama-v2');
  assert.equal(version('{"id":"a\\"b\\\\","model":"caf\\u00e9","choices":[{', 'cut'), 'café');
  assert.equal(version('{"model":"llama-v', 'cut'), null, 'half a name is none');
  assert.equal(
    version('{"usage":{"model":"v9"},"x":', 'cut'),
    null,
    "another object's model is not the answer's",
  );
  assert.equal(version('{"id":"\\"model\\":\\"v9\\"","x":', 'cut'), null);
  assert.equal(version('{"error":{"message":"no","model":"v9"}}', 'doubtful'), null);
  assert.equal(version('{"model":7}'), null);
});

test('openai: the first event that has a model; what was written is no event', () => {
  assert.equal(version(STREAM_BODY), 'llama-v2');
  assert.equal(version(STREAM_BODY.replaceAll('\n', '\r\n')), 'llama-v2');
  assert.equal(version(`event: ping\ndata: {}\n\n${event('a', 'first')}${event('b', 'second')}`), 'first');
  assert.equal(version(event('a').replace('data: ', 'data:')), 'llama-v2');
  assert.equal(version(`data: {"model":""}\n\n${event('')}`), 'llama-v2');
  assert.equal(version('data: [DONE]\n\n'), null);
  assert.equal(version(': data: {"model":"v9"}\n xdata: {"model":"v9"}\n'), null);
  assert.equal(version(`data: ${JSON.stringify({ delta: { model: 'v9' } })}\n\n`), null);
  assert.equal(version('data: {}\n\n'.repeat(1000) + event('late')), null, 'the first events are enough');
});

test('openai: a stream that is still going on', () => {
  const first = event('Once upon a time');
  assert.equal(version(first.slice(0, -20), 'cut'), 'llama-v2');
  assert.equal(version(first + event('').slice(0, 9), 'cut'), 'llama-v2');
  assert.equal(version('data: {"id":"c1","model":"lla', 'cut'), null);
});

test('openai: another JSON with a model, or another stream, is not recognised', () => {
  const recognise = (type: string, body: string) =>
    openai.recognise(
      { status: 200, headers: rawHeaders(['content-type', type]), body: Buffer.from(body) },
      viewBody(Buffer.from(body), false, true),
      [],
    );
  assert.equal(recognise('application/json', '{"model":"T-Ford","year":1908}'), null);
  assert.equal(recognise('text/plain', event('a')), null);
  assert.equal(recognise('text/event-stream', 'data: {"tick":1}\n\n'), null);
  assert.match(recognise('application/json', COMPLETION_BODY.slice(0, -9)) ?? '', /model/);
});

test('property: whatever is written, an answer and a stream cut at any place give the model or nothing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.nat(),
      (text, model, at) => {
        const whole = JSON.stringify({ id: text, model, choices: [{ text }] });
        for (const body of [whole, event(text, model) + event(text, model)]) {
          const read = version(body.slice(0, at % (body.length + 1)), 'cut');
          assert.ok(read === null || read === model, JSON.stringify([body, read]));
        }
      },
    ),
    { seed: 15, numRuns: 300 },
  );
});

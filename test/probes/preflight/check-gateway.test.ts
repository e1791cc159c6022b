/** What is said before any load when none can be sent, and what is found out about the answers. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { namingFlags } from '../../../src/cli/options/flag-names.js';
import { UserError } from '../../../src/errors.js';
import { makeCertificate } from '../../../src/lab/mesh/certificates.js';
import { NOTHING_TO_DETECT, type Plan } from '../../../src/plan/plan.js';
import { checkGateway } from '../../../src/probes/preflight/check-gateway.js';
import { ruleWith } from '../../support/ejection-rule.js';
import { DETECT, type PlanChanges, planFor } from '../../support/plan.js';
import {
  httpServer,
  IMPOSSIBLE_NAME,
  rawServer,
  response,
  tlsServer,
  unusedPort,
} from '../../support/servers.js';

async function refusal(plan: Plan, detect = DETECT): Promise<UserError> {
  const error = await checkGateway({ ...plan, detect }).then(
    (checked) => assert.fail(`the pre-flight passed: ${JSON.stringify(checked.plan.identify)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  assert.doesNotMatch(
    error.message,
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
    'nothing for a terminal to obey',
  );
  return namingFlags(error);
}

/** A server that always says the same; gives its URL. */
async function saying(t: TestContext, ...texts: string[]) {
  const server = await rawServer(t, (socket, { inAll }) =>
    socket.end((texts[(inAll - 1) % texts.length] as string).replace('\r\n', '\r\nconnection: close\r\n')),
  );
  return { server, url: `http://${server.at}/` };
}

/** The note about requests without a usable answer. */
function repeated(plan: Plan): string {
  return plan.notes.find(({ code }) => code === 'preflight-repeated')?.text ?? '';
}

const quick: PlanChanges = { load: { timeoutMs: 1000 } };

test('nothing listens', async () => {
  const port = await unusedPort();
  const { message, exitCode } = await refusal(planFor(`http://127.0.0.1:${port}/`));
  assert.equal(exitCode, 4);
  assert.match(message, new RegExp(`^127\\.0\\.0\\.1:${port} refuses connections: nothing listens there`));
});

test('the name does not exist', async () => {
  const { message, exitCode } = await refusal(planFor(`http://${IMPOSSIBLE_NAME}/`));
  assert.equal(exitCode, 4);
  assert.match(message, /^The name a{64}\.invalid could not be looked up \((ENOTFOUND|EAI_AGAIN)\)/);
  assert.match(message, /--resolve or --connect-to/);
});

test('it never answers', async (t) => {
  const server = await rawServer(t, () => {});
  const { message, exitCode } = await refusal(planFor(`http://${server.at}/`, quick));
  assert.equal(exitCode, 4);
  assert.match(
    message,
    /accepted the connection and did not answer within 1000 ms\. -t sets a longer time-out.*\n\(3 requests: timeout × 3\)$/,
  );
  assert.equal(server.seen.total, 3);
});

test('the TLS handshake never ends', async (t) => {
  const server = await rawServer(t, () => {});
  const { message } = await refusal(planFor(`https://${server.at}/`, quick));
  assert.match(message, /did not accept a connection and finish the TLS handshake within 1000 ms/);
});

test('it closes, resets, breaks off', async (t) => {
  const closing = await rawServer(t, (socket) => socket.end());
  assert.match(
    (await refusal(planFor(`http://${closing.at}/`))).message,
    /closed the connection without an answer.*A TLS port does this with plain HTTP/,
  );
  const resetting = await rawServer(t, (socket) => socket.resetAndDestroy());
  assert.match((await refusal(planFor(`http://${resetting.at}/`))).message, /without an answer.*use https:/);
  const { url } = await saying(t, 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
  assert.match((await refusal(planFor(url))).message, /broke off in the middle of the answer/);
});

test('no HTTP, and headers without end', async (t) => {
  const { url } = await saying(t, 'SSH-2.0-OpenSSH_9.6\r\n');
  assert.match((await refusal(planFor(url))).message, /did not answer with HTTP\/1\.1/);
  const large = await saying(t, response({ headers: { 'x-large': 'a'.repeat(70_000) } }));
  assert.match((await refusal(planFor(large.url))).message, /headers of more than 64 KiB/);
});

test('https on a plain port', async (t) => {
  // node:http answers bytes that are no request by itself, as gateways do.
  const server = await httpServer(t, () => {});
  const { message, exitCode } = await refusal(planFor(`https://${server.at}/`));
  assert.equal(exitCode, 4);
  assert.match(message, /does not speak TLS.*use http:\/\//);
});

test('plain HTTP on a TLS port: what Node, Envoy and nginx do', async (t) => {
  const made = await makeCertificate({ names: ['shop.example'] });
  const node = await tlsServer(t, { cert: made.certPem, key: made.keyPem }, () => {});
  assert.match((await refusal(planFor(`http://${node.at}/`))).message, /https:\/\//);
  const alert = await rawServer(t, (socket) => socket.end(Buffer.from('15030100020246', 'hex')));
  assert.match(
    (await refusal(planFor(`http://${alert.at}/`))).message,
    /speaks TLS: it answered plain HTTP with a TLS alert\. Use https:\/\//,
  );
  const { url } = await saying(
    t,
    response({ status: 400, body: '<html>The plain HTTP request was sent to HTTPS port</html>' }),
  );
  assert.match(
    (await refusal(planFor(url))).message,
    /speaks TLS, but the request was plain HTTP\. Use https:/,
  );
});

test('404 of the gateway: the Host is named, and its port if it has one', async (t) => {
  const { server, url } = await saying(
    t,
    response({ status: 404, body: '', headers: { server: 'istio-envoy' } }),
  );
  const without = await refusal(planFor(url, { flags: { host: 'shop.example' } }));
  assert.equal(without.exitCode, 2);
  assert.match(without.message, /answered 404 for Host 'shop\.example' and path '\/': .*no route.*--host/);
  assert.doesNotMatch(without.message, /has a port/);
  const withPort = await refusal(planFor(url));
  assert.match(
    withPort.message,
    new RegExp(
      `Host '${server.at}'.*has a port, and some gateways \\(not Istio\\).*--host 127\\.0\\.0\\.1\\.`,
    ),
  );
});

for (const status of [301, 308]) {
  test(`${status} to https, and to elsewhere`, async (t) => {
    const secure = await saying(
      t,
      response({ status, headers: { location: 'https://shop.example/' }, body: '' }),
    );
    const error = await refusal(planFor(secure.url));
    assert.equal(error.exitCode, 2);
    assert.match(
      error.message,
      new RegExp(`answered ${status}, a redirect to https \\(https://shop\\.example/\\)`),
    );
    const other = await saying(t, response({ status, headers: { location: '/login' }, body: '' }));
    assert.match(
      (await refusal(planFor(other.url))).message,
      /redirect to \/login\. Redirects are not followed/,
    );
  });
}

test('401 and 403', async (t) => {
  const denied = await saying(t, response({ status: 403, body: 'RBAC: access denied' }));
  const error = await refusal(planFor(denied.url));
  assert.equal(error.exitCode, 2);
  assert.match(error.message, /answered 403 \('RBAC: access denied'\): an AuthorizationPolicy/);
  const asked = await saying(t, response({ status: 401, body: 'Jwt is missing' }));
  assert.match(
    (await refusal(planFor(asked.url))).message,
    /answered 401 \('Jwt is missing'\).*-H 'Authorization/,
  );
});

test('no healthy upstream at every try', async (t) => {
  const { server, url } = await saying(t, response({ status: 503, body: 'no healthy upstream' }));
  const error = await refusal(planFor(url));
  assert.equal(error.exitCode, 4);
  assert.match(error.message, /answered 503 'no healthy upstream': no endpoint of the backend is ready/);
  assert.match(error.message, /\(20 requests: status 503 × 20\)$/);
  assert.equal(server.seen.total, 20);
});

test('500 with an empty body at every try: a backendRef that leads nowhere', async (t) => {
  const { url } = await saying(t, response({ status: 500, body: '', headers: { server: 'istio-envoy' } }));
  assert.match((await refusal(planFor(url))).message, /the gateway has the route but no backend for it/);
});

test('one version that fails does not stop a run', async (t) => {
  const { url } = await saying(
    t,
    response({ status: 503, body: 'no healthy upstream' }),
    response({ body: 'hello from v1', headers: { 'content-type': 'text/plain' } }),
  );
  const { plan, requests } = await checkGateway(planFor(url, { expect: { v1: 50, v2: 50 }, detect: DETECT }));
  assert.deepEqual(plan.identify.version, { from: 'preset', preset: 'http-echo' });
  assert.equal(requests, 2);
  assert.match(repeated(plan), /^1 of 2 requests before the load had no usable answer: status 503 × 1\./);
});

test('a compressed body is named as such, with how to ask for another', async (t) => {
  const headers = { 'content-encoding': 'gzip' };
  const { url } = await saying(t, response({ body: '\u001f\u008b\u0008binary', headers }));
  const { message } = await refusal(planFor(url, { expect: { v1: 50, v2: 50 } }));
  assert.match(message, /\(gzip-compressed, \d+ bytes: its text is not read\)/);
  assert.match(message, /without compression: .* 'accept-encoding: identity'/);
  assert.doesNotMatch(message, /binary/);
});

test('no version in the body: the body is shown', async (t) => {
  const { url } = await saying(t, response({ body: '{"greeting": "hi", "esc": "\u001b[31mred"}' }));
  const { message, exitCode } = await refusal(planFor(url, { expect: { v1: 50, v2: 50 } }));
  assert.equal(exitCode, 2);
  assert.match(message, /No version was found in the answers/);
  assert.match(message, /\{"greeting": "hi"/);
  assert.match(message, /--version-from header:NAME/);
});

test('every answer of the backend is an error: how to read it cannot be found out', async (t) => {
  const { url } = await saying(t, response({ status: 500, body: 'oops', headers: { server: 'nginx' } }));
  const { message, exitCode } = await refusal(planFor(url, { expect: { v1: 50, v2: 50 } }));
  assert.equal(exitCode, 4);
  assert.match(message, /Every answer was an error.*status 500.*oops.*\n\(20 requests: status 500 × 20\)$/s);
  const identify = { version: { from: 'header', name: 'x-other' } } as const;
  const told = await refusal(planFor(url, { expect: { v1: 50, v2: 50 }, identify }), NOTHING_TO_DETECT);
  assert.equal(told.exitCode, 4);
  assert.match(told.message, /^Every answer was an error, and none named a version\..*status 500 × 20\)$/s);
});

test('a path that the backends do not know is no matter of the gateway', async (t) => {
  const { url } = await saying(t, response({ status: 404, body: 'Cannot GET /', headers: { server: 'x' } }));
  const { message, exitCode } = await refusal(planFor(url, { expect: { v1: 50, v2: 50 } }));
  assert.equal(exitCode, 2);
  assert.match(message, /Every answer was an error.*status 404.*Cannot GET/s);
});

test('a label that could be two versions: an error that shows the labels seen', async (t) => {
  const { url } = await saying(t, response({ headers: { 'x-version': 'v1 and v2' } }));
  const { message, exitCode } = await refusal(
    planFor(url, { expect: { v1: 50, v2: 50 } }),
    NOTHING_TO_DETECT,
  );
  assert.equal(exitCode, 2);
  assert.match(message, /"v1 and v2" could stand for v1 or v2/);
  assert.match(message, /--map/);
});

test('labels that match nothing: both sides are shown', async (t) => {
  const { url } = await saying(
    t,
    response({ headers: { 'x-version': 'blue' } }),
    response({ headers: { 'x-version': 'green\u001b[2J' } }),
  );
  const { message, exitCode } = await refusal(
    planFor(url, { expect: { v1: 50, v2: 50 } }),
    NOTHING_TO_DETECT,
  );
  assert.equal(exitCode, 2);
  assert.match(message, /match no expected version/);
  assert.match(message, /"blue"/);
  assert.match(message, /Expected: v1, v2/);
  assert.match(message, /--map v1=LABEL/);
});

test('a good answer settles it with one request', async (t) => {
  const heads: string[] = [];
  const server = await rawServer(t, (socket, { head }) => {
    heads.push(head);
    socket.write(
      response({ body: 'hello from v2\n', headers: { 'x-app-name': 'http-echo', 'x-app-version': '1.0.0' } }),
    );
  });
  const plan = planFor(`http://${server.at}/x?y`, {
    expect: { v1: 90, v2: 10 },
    flags: { host: 'shop.example', headers: ['X-Env: canary'] },
    detect: DETECT,
  });
  const checked = await checkGateway(plan);
  assert.equal(checked.requests, 1);
  assert.deepEqual(checked.plan.identify.version, { from: 'preset', preset: 'http-echo' });
  assert.match(checked.plan.notes.map(({ text }) => text).join('\n'), /http-echo/);
  assert.equal(heads.length, 1);
  assert.match(
    heads[0] as string,
    /^GET \/x\?y HTTP\/1\.1\r\nhost: shop\.example\r\n(.*\r\n)*X-Env: canary/i,
  );
});

test('given sources are kept, and --version-from none asks for no version', async (t) => {
  const { url } = await saying(t, response({ headers: { 'x-version': 'v1' } }));
  const checked = await checkGateway(planFor(url, { expect: { v1: 1, v2: 1 } }));
  assert.deepEqual(checked.plan.identify.version, { from: 'header', name: 'x-version' });
  const none = planFor(url, { identify: { version: { from: 'none' } } });
  assert.equal((await checkGateway(none)).requests, 1);
});

test('the header that tells endpoints is found where only the version was given, on errors too', async (t) => {
  const headers = { 'x-weighbridge-endpoint': '10.0.0.7:5678' };
  const detect = { version: false, endpoint: true };
  for (const status of [200, 500]) {
    const { url } = await saying(t, response({ status, headers }));
    const { endpoint } = (await checkGateway(planFor(url, { detect }))).plan.identify;
    assert.deepEqual(endpoint, { from: 'header', name: 'x-weighbridge-endpoint' });
    assert.deepEqual((await checkGateway(planFor(url))).plan.identify.endpoint, { from: 'none' });
  }
});

test('whether backends’ answers are stamped is found out', async (t) => {
  const stamped = await saying(t, response({ headers: { 'x-envoy-upstream-service-time': '3' } }));
  assert.equal((await checkGateway(planFor(stamped.url))).plan.identify.upstreamTimeStamped, true);
  const bare = await saying(t, response());
  assert.equal((await checkGateway(planFor(bare.url))).plan.identify.upstreamTimeStamped, false);
});

test('a body without end is read as far as it is needed', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nx-version: v1\r\ntransfer-encoding: chunked\r\n\r\n');
    const more = () => {
      while (!socket.destroyed && socket.write(`1000\r\n${'a'.repeat(4096)}\r\n`));
      if (!socket.destroyed) socket.once('drain', more);
    };
    more();
  });
  // Before the second request, which is sent after a second of silence.
  const plan = planFor(`http://${server.at}/`, { load: { timeoutMs: 500 } });
  const { requests } = await checkGateway(plan);
  assert.equal(requests, 1);
});

test('a signal ends it at once, also between its requests', async (t) => {
  const controller = new AbortController();
  const server = await rawServer(t, (socket, { inAll }) => {
    if (inAll === 7) controller.abort();
    else socket.end(response({ body: 'nothing to see', headers: { connection: 'close' } }));
  });
  const plan = planFor(`http://${server.at}/`, { load: { timeoutMs: 60_000 }, detect: DETECT });
  const checked = await checkGateway(plan, controller.signal);
  assert.equal(checked.plan, plan);
  assert.ok(server.seen.total < 20);
  assert.equal((await checkGateway(plan, controller.signal)).requests, 0, 'when it came before');
});

test('a header that may name endpoints is told where an ejection rule is asked for, and not used unasked', async (t) => {
  const { url } = await saying(t, response({ headers: { 'x-version': 'v1', 'x-pod': 'v1-7c9' } }));
  const found = async (asked: boolean) => {
    const plan = { ...planFor(url), ejection: [ruleWith({ asked })], detect: NOTHING_TO_DETECT };
    const { plan: checked } = await checkGateway(plan);
    assert.deepEqual(checked.identify.endpoint, { from: 'none' });
    return checked.notes.filter(({ code }) => code === 'endpoints-not-told').map(({ text }) => text);
  };
  assert.match(
    (await found(true)).join(),
    /^Responses have a header .*: --endpoint-from header:x-pod reads it/,
  );
  assert.deepEqual(await found(false), []);
});

test('signs that the gateway retries are told: the header with the attempts, the text of its own reply', async (t) => {
  const noted = async (url: string) => {
    const { plan } = await checkGateway(planFor(url, { expect: { v1: 50, v2: 50 } }));
    return plan.notes.find(({ code }) => code === 'retries')?.text ?? '';
  };
  const attempts = (n: string) => response({ headers: { 'x-version': 'v1', 'x-envoy-attempt-count': n } });
  assert.match(await noted((await saying(t, attempts('2'))).url), /^The gateway retries: .* took 2 attempts/);
  for (const once of ['1', 'x', '']) assert.equal(await noted((await saying(t, attempts(once))).url), '');
  const gaveUp = response({
    status: 503,
    headers: { 'x-version': '' },
    body: 'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure',
  });
  assert.match(
    await noted((await saying(t, gaveUp, attempts('1'))).url),
    /the gateway's own reply to a request/,
  );
});

/** A secret that is sent is in nothing that weighbridge prints or writes, even if the server sends it back. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CliEnd, weighbridge } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer } from '../support/servers.js';
import { scratch } from './sample-lab.js';

const CANARY = 'zq7canary';
/** One secret in each way to give one; each has the canary in it. */
const SECRETS = {
  bearer: `${CANARY}.bearer.${'e'.repeat(300)}`,
  password: `${CANARY}pass`,
  cookie: `${CANARY}cookie`,
  env: `${CANARY}env`,
  file: `${CANARY}file`,
  named: `${CANARY}named`,
  stdin: `${CANARY}stdin`,
  query: `${CANARY}query`,
};
const BASIC = Buffer.from(`admin:${SECRETS.password}`).toString('base64');

/** Answers with all that it got, in the ways of the usual echo servers. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  const { headers, url = '' } = request;
  const basic = /^Basic (.*)$/.exec(String(headers['proxy-authorization']))?.[1] ?? '';
  response.setHeader('x-version', String(headers['x-tenant']));
  response.setHeader('x-pod', `pod-1-${String(headers['authorization'])}`);
  const query = new globalThis.URL(url, 'http://a').searchParams.get('access_token');
  response.end(
    `${JSON.stringify({ version: headers['x-from-file'], query, headers, url, basic: Buffer.from(basic, 'base64').toString() }, null, 1)}\n`,
  );
}

function flagsFor(t: TestContext): string[] {
  const file = join(scratch(t), 'headers.txt');
  writeFileSync(file, `# sent with every request\nX-From-File: ${SECRETS.file}\n`);
  return [
    ...['-H', `AUTHORIZATION: Bearer ${SECRETS.bearer}`, '-H', `proxy-authorization: Basic ${BASIC}`],
    ...['-H', `Cookie: sid=${SECRETS.cookie}; track=canary`, '-H', `X-Tenant: ${SECRETS.named}`],
    ...['--secret', 'x-tenant', '--header-env', 'X-From-Env=CANARY_VALUE', '-H', `@${file}`, '-H', '@-'],
  ];
}

const INPUT = { env: { CANARY_VALUE: SECRETS.env }, input: `X-From-Stdin: ${SECRETS.stdin}\n` };

function assertHidden(text: string): void {
  assert.ok(
    !text.includes(CANARY),
    text.slice(Math.max(0, text.indexOf(CANARY) - 200), text.indexOf(CANARY) + 50),
  );
  assert.ok(!text.includes(BASIC), text);
}

function everything(folder: string, ends: readonly CliEnd[]): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  return [...files, ...ends.map(({ stdout, stderr }) => stdout + stderr)].join('\n');
}

test('run, analyze and identify against a server that echoes', async (t) => {
  const received: string[] = [];
  const server = await httpServer(t, (request, response) => {
    received.push(JSON.stringify([request.headers, request.url]));
    echo(request, response);
  });
  const url = `http://${server.at}/shop?access_token=${SECRETS.query}&page=2`;
  const folder = scratch(t);
  const out = (name: string) => join(folder, name);
  const labels = ['--version-from', 'header:x-version', '--endpoint-from', 'header:x-pod'];
  const run = await weighbridge(
    t,
    [
      ...[
        'run',
        url,
        ...flagsFor(t),
        ...labels,
        '-n',
        '40',
        '-c',
        '2',
        '--json',
        out('run.json'),
        '--csv',
        out('run.csv'),
      ],
      ...['--csv-dir', out('csv'), '--save', out('run.arrow'), '--samples', out('samples.csv')],
    ],
    INPUT,
  );
  assert.equal(run.status, 0, run.stderr);
  for (const secret of Object.values(SECRETS)) {
    if (secret === SECRETS.password) continue;
    assert.ok(
      received.every((one) => one.includes(secret)),
      `${secret} was not sent`,
    );
  }
  assert.ok(received.every((one) => one.includes(BASIC)));
  const result = readResult(readFileSync(out('run.json'), 'utf8'));
  assert.equal(result.requests.attributed, 40);
  assert.deepEqual(
    result.versions.map(({ version, requests }) => [version, requests]),
    [['(secret)', 40]],
  );
  assert.equal(result.target.path, '/shop?access_token=(secret)&page=2');
  assert.match(result.target.url, /\?access_token=\(secret\)&page=2$/);
  const shown = Object.fromEntries(result.target.headers);
  for (const name of ['AUTHORIZATION', 'Cookie', 'X-Tenant', 'X-From-Env', 'X-From-File', 'X-From-Stdin']) {
    assert.equal(shown[name], '(secret)', name);
  }
  const analyzed = await weighbridge(t, ['analyze', out('run.arrow'), '--json', out('again.json')]);
  assert.equal(analyzed.status, 0, analyzed.stderr);
  assert.deepEqual(readResult(readFileSync(out('again.json'), 'utf8')).versions, result.versions);
  const twice = await weighbridge(t, ['identify', url, ...flagsFor(t)], INPUT);
  const json = await weighbridge(t, ['identify', url, ...flagsFor(t), '--json', '-'], INPUT);
  assert.equal(twice.status, 0, twice.stderr);
  assert.match(twice.stdout, /\(secret\)/);
  const undetected = await weighbridge(
    t,
    ['run', url, ...flagsFor(t), '--version-from', 'json:/nowhere'],
    INPUT,
  );
  assert.equal(undetected.status, 2, undetected.stderr);
  const unmatched = await weighbridge(
    t,
    ['run', url, ...flagsFor(t), ...labels, '--expect', 'v1=9,v2=1'],
    INPUT,
  );
  assert.match(unmatched.stderr, /match no expected version/);
  assertHidden(everything(folder, [run, analyzed, twice, json, undetected, unmatched]));
});

test('the gateway refuses the request and says what it got', async (t) => {
  for (const [status, location] of [
    [403, ''],
    [404, ''],
    [302, `https://a.example/?token=${CANARY}x`],
  ] as const) {
    const server = await httpServer(t, (request, response) => {
      response.statusCode = status;
      if (location !== '') response.setHeader('location', location);
      if (status === 404) response.end();
      else echo(request, response);
    });
    const url = `http://${server.at}/?access_token=${SECRETS.query}`;
    for (const command of ['run', 'identify']) {
      const end = await weighbridge(t, [command, url, ...flagsFor(t)], INPUT);
      // identify has a status for answers that no run could begin with.
      assert.equal(end.status, command === 'run' ? 2 : 4, end.stderr);
      assert.match(end.stdout + end.stderr, new RegExp(String(status)));
      assertHidden(end.stdout + end.stderr);
    }
  }
});

const WRONG: readonly (readonly [what: string, words: readonly string[]])[] = [
  ['a header without a colon', ['http://h', '-H', `Authorization Bearer ${CANARY}`]],
  ['only a value', ['http://h', '-H', CANARY]],
  ['a header without quotes', ['-H', 'Authorization:', 'Bearer', CANARY, 'http://h']],
  ['a value with a control character', ['http://h', '-H', `x-a: ${CANARY}\u0001`]],
  ['a URL with a password', [`http://u:${CANARY}@h/`]],
  ['an invalid URL with a password', [`http://u:${CANARY}@h h/`]],
  ['an invalid URL with a token', [`http://h h/?token=${CANARY} x`]],
  ['another scheme', [`ftp://u:${CANARY}@h/?key=${CANARY}`]],
  ['TLS options for plain HTTP', [`http://h/?key=${CANARY}`, '--sni', 'a']],
  ['a secret parameter of another name', [`http://h h/?tenant=${CANARY}`, '--secret', 'Tenant']],
  ['several URLs', ['--', `http://u:${CANARY}@h/`, `http://h/?key=${CANARY}`]],
  ['a value in place of a variable', ['http://h', '--header-env', `x-a=${CANARY}`]],
  ['the password of an admin interface', ['http://127.0.0.1:9', '--envoy-admin', `http://u:${CANARY}@h`]],
  ['a query of an admin interface', ['http://127.0.0.1:9', '--envoy-admin', `http://h/?token=${CANARY}`]],
  ['an option that does not exist', ['http://h', '--password', CANARY]],
  ['no rule for the path', ['-f', 'samples/httproute-90-10.yaml', '--host', 'x', `http://h/?key=${CANARY}`]],
];
for (const [what, words] of WRONG) {
  test(`an error never shows a secret: ${what}`, async (t) => {
    const end = await weighbridge(t, ['run', ...words]);
    assert.equal(end.status, 2, end.stderr);
    assert.match(end.stderr, /^weighbridge: /);
    assertHidden(end.stdout + end.stderr);
  });
}

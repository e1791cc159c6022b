/** Results of vegeta, regrouped. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { analyze } from '../../../src/analyze.js';
import { UserError } from '../../../src/errors.js';
import { ByteSource } from '../../../src/io/byte-source.js';
import { type OpenOptions, openRun } from '../../../src/saved/open.js';
import { outcomeOfError } from '../../../src/saved/vegeta/error-outcome.js';
import { readResults, type VegetaForm } from '../../../src/saved/vegeta/read-results.js';
import { assertLinear } from '../../support/linear-time.js';
import { readResult } from '../../support/result-schema.js';
import { folderFor } from '../../support/saved.js';
import { type MadeUpResult, vegetaCsv, vegetaJson } from '../../support/vegeta.js';

const OPTIONS: OpenOptions = { expect: { v1: 90, v2: 10 }, tolerance: 0.04 };

/** 90/10 every 2 ms, 3 ms long; the tenth of each hundred is a 503 of the gateway, the next is refused. */
function attack(count: number): MadeUpResult[] {
  return Array.from({ length: count }, (_, i) => {
    const at = i * 2_000_000;
    const common = {
      seconds: 1_795_551_170 + Math.floor(at / 1e9),
      nanos: at % 1e9,
      latencyNs: 3_000_000 + (i % 7) * 1000,
      method: 'GET',
      url: 'http://user:secret@shop.example:8080/cart?a=1&token=secret',
      sequence: i,
      attack: '',
    };
    if (i % 100 === 11) {
      const error =
        'Get "http://shop.example:8080/cart?a=1&token=secret": dial tcp 0.0.0.0:0->203.0.113.7:80: connect: connection refused';
      return { ...common, status: 0, error, body: Buffer.alloc(0), headers: [] };
    }
    if (i % 100 === 10) {
      const body = Buffer.from('no healthy upstream');
      return {
        ...common,
        status: 503,
        error: '503 Service Unavailable',
        body,
        headers: [['Server', 'envoy']],
      };
    }
    const version = i % 10 === 5 ? 'v2' : 'v1';
    return {
      ...common,
      status: 200,
      error: '',
      body: Buffer.from(`hello from backend ${version}\n`),
      headers: [
        ['Content-Type', 'text/plain'],
        ['X-Pod', `${version}-pod`],
        ['X-Envoy-Upstream-Service-Time', '1'],
      ],
    };
  });
}

function fileOf(t: TestContext, content: string | Buffer, name = 'results'): string {
  const file = join(folderFor(t), name);
  writeFileSync(file, content);
  return file;
}

const analyzed = async (file: string, options = OPTIONS) => analyze([await openRun(file, options)]);

test('both forms give the figures that the results are', async (t) => {
  const results = attack(3000);
  // As vegeta writes them: in the order in which they ended.
  const swapped = results.map((_, i) => results[i % 2 === 0 ? Math.min(i + 1, 2999) : i - 1] as MadeUpResult);
  const csv = await analyzed(fileOf(t, swapped.map(vegetaCsv).join('')));
  const json = await analyzed(fileOf(t, swapped.map(vegetaJson).join('')));
  assert.deepEqual(csv, json);
  readResult(JSON.stringify(csv));
  assert.equal(csv.startedAt, '2026-11-24T20:12:50.000000Z');
  assert.deepEqual(csv.requests, {
    scheduled: 3000,
    attributed: 2940,
    unattributed: 30,
    failed: 30,
    cutOff: 0,
    preflight: 0,
    settle: 0,
    warmup: 0,
  });
  assert.deepEqual(
    csv.versions.map(({ version, requests, statuses }) => [version, requests, statuses]),
    [
      ['v1', 2640, { 200: 2640 }],
      ['v2', 300, { 200: 300 }],
    ],
  );
  assert.deepEqual(csv.unattributed.kinds, { 'no-healthy-upstream': 30 });
  assert.deepEqual(csv.failures, { refused: 30 });
  assert.equal(csv.split?.verdict, 'pass');
  assert.equal(csv.verdict, 'fail', '2 % of all requests failed');
  assert.equal(csv.identifier.version, 'http-echo');
  assert.ok(Math.abs(csv.durationMs - (2999 * 2 + 3 + (2999 % 7) / 1000)) < 1e-3);
  const { latencyUs } = csv.backends;
  assert.deepEqual([latencyUs.count, latencyUs.min, latencyUs.max], [2940, 3000, 3006]);
  assert.deepEqual(latencyUs, csv.backends.serviceTimeUs);
  assert.equal(csv.target.url, 'http://shop.example:8080/cart?a=1&token=(secret)', 'no password is shown');
  assert.equal(csv.load.mode, 'unknown');
  assert.equal(csv.load.connectUs, null);
  const notes = csv.notes.map(({ code }) => code);
  for (const code of ['identifier-detected', 'import-latency', 'failure-sample'] as const)
    assert.ok(notes.includes(code), code);
  assert.doesNotMatch(JSON.stringify(csv).replaceAll('(secret)', ''), /secret/);
});

test('where versions and endpoints are read can be said', async (t) => {
  const file = fileOf(t, attack(500).map(vegetaCsv).join(''));
  const result = await analyzed(file, {
    versionFrom: 'body:/backend (\\w+)/',
    endpointFrom: 'header:x-pod',
  });
  assert.deepEqual(
    result.versions.map(({ version, endpoints }) => [version, endpoints.map(({ endpoint }) => endpoint)]),
    [
      ['v1', ['v1-pod']],
      ['v2', ['v2-pod']],
    ],
  );
  await assert.rejects(
    analyzed(file, { ...OPTIONS, versionFrom: 'header:x-none' }),
    (error: unknown) =>
      error instanceof UserError && /^.*results: No version was found in the answers/.test(error.message),
  );
  await assert.rejects(analyzed(file, { expect: { a: 1, b: 1 } }), /No version was found|match no expected/);
  const bodyless = attack(300).map((one) => ({ ...one, body: Buffer.alloc(0) }));
  const none = await analyzed(fileOf(t, bodyless.map(vegetaJson).join('')), {
    ...OPTIONS,
    versionFrom: 'none',
  });
  assert.equal(none.requests.unattributed, 297);
});

test('results without a single answer are figures too', async (t) => {
  const refusals = attack(1200).filter(({ status }) => status === 0);
  const result = await analyzed(fileOf(t, refusals.map(vegetaCsv).join('')));
  assert.deepEqual(result.failures, { refused: 12 });
  assert.equal(result.requests.attributed, 0);
});

test('a file cut at any byte gives its whole lines, and says so', async (t) => {
  const results = attack(14)
    .slice(9)
    .map((one, i) =>
      i === 4 ? { ...one, error: 'a "quoted"\nerror, of two lines', status: 0, headers: [] } : one,
    );
  const versionFrom = 'body:/backend (\\w+)/';
  const file = join(folderFor(t), 'cut');
  for (const form of ['csv', 'json'] as const) {
    const lines = results.map(form === 'csv' ? vegetaCsv : vegetaJson);
    const text = Buffer.from(lines.join(''));
    const first = (lines[0] as string).length;
    for (let bytes = text.length; bytes >= 0; bytes -= bytes > 3 * first ? 1 : 31) {
      writeFileSync(file, text.subarray(0, bytes));
      let left = bytes;
      let whole = 0;
      for (const line of lines) {
        // The line's end may be missing: all of the result is there.
        if (left < line.length - 1) break;
        left -= line.length;
        whole += 1;
      }
      const cutAt = left > 0 ? whole + 1 : null;
      assert.deepEqual(await readAll(file, form), { count: whole, cutAt }, `${form}, ${bytes} bytes`);
      if (bytes % 97 !== 0 || whole === 0) continue;
      const result = await analyzed(file, { versionFrom });
      assert.equal(result.requests.scheduled, whole);
      assert.equal(result.ended, cutAt === null ? 'completed' : 'truncated');
      const said = result.notes.find(({ code }) => code === 'file-cut')?.text ?? '';
      if (cutAt !== null) {
        assert.match(
          said,
          new RegExp(`cut ends in the middle of line ${cutAt}: the ${whole} results before`),
        );
      }
    }
  }
});

async function readAll(file: string, form: VegetaForm): Promise<{ count: number; cutAt: number | null }> {
  const source = await ByteSource.open(file);
  const results = readResults(source, form, 65_536);
  let count = 0;
  for (;;) {
    const { done, value } = await results.next();
    if (done === true) {
      await source.close();
      return { count, cutAt: value.cutAt };
    }
    count += value.length;
  }
}

test('a wrong line is named, with what was expected', async (t) => {
  const lines = attack(5000).map(vegetaCsv);
  const csv = [...lines.slice(0, 4000), 'time,status,latency\n', ...lines.slice(4000)].join('');
  const file = fileOf(t, csv);
  await assert.rejects(
    analyzed(file),
    (error: unknown) =>
      error instanceof UserError &&
      error.exitCode === 2 &&
      /results: line 4001 has 3 columns; the 12 of/.test(error.message),
  );
  const open = lines.map((line, i) => (i === 6 ? line.replace(',200,', ',"200,') : line)).join('');
  await assert.rejects(analyzed(fileOf(t, open)), /line 7 has text after a closing quote/);
  const mixed = attack(3).map(vegetaJson).join('') + lines[0];
  await assert.rejects(analyzed(fileOf(t, mixed)), /line 4 is not a JSON object/);
  await assert.rejects(
    analyzed(fileOf(t, '{\n  "schemaVersion": 1\n}\n')),
    /line 1 is not a JSON object; 'vegeta encode --to json' writes one result per line/,
  );
  await assert.rejects(analyzed(fileOf(t, '{"latencies":{"total":5}}\n')), /line 1 has no "timestamp"/);
  await assert.rejects(analyzed(fileOf(t, '123,')), /no complete result/);
  await assert.rejects(analyzed(fileOf(t, 'hello')), /not an Arrow stream/);
  const gob = Buffer.from(
    '\x7f\x7f\x03\x01\x01\x06Result\x01\xff\x80\x00\x01\x0c\x01\x06Attack\x01\x0c\x00\x01\x09Timestamp\x01\xff\x82\x00\x00',
    'latin1',
  );
  await assert.rejects(
    analyzed(fileOf(t, gob)),
    /vegeta's results in their binary form: 'vegeta encode --to csv/,
  );
});

test('several files of vegeta are shards; one that is not is refused', async (t) => {
  const results = attack(1000);
  const half = (odd: number) =>
    fileOf(
      t,
      results
        .filter((_, i) => i % 2 === odd)
        .map(vegetaCsv)
        .join(''),
      `half-${odd}`,
    );
  const [first, second] = [half(0), half(1)];
  const options = { expect: { v1: 90, v2: 10 }, versionFrom: 'body:/backend (\\w+)/' };
  const merged = await analyze([await openRun(first, options), await openRun(second, options)]);
  const whole = await analyzed(fileOf(t, results.map(vegetaCsv).join('')), options);
  assert.deepEqual(merged.overall, whole.overall);
  assert.deepEqual(merged.versions, whole.versions);
  assert.equal(merged.load.mode, 'unknown');
  const twin = fileOf(
    t,
    results
      .filter((_, i) => i % 2 === 0)
      .map(vegetaJson)
      .join(''),
    'twin',
  );
  await assert.rejects(
    analyze([await openRun(first, options), await openRun(twin, options)]),
    /twin holds the same run as .*half-0/,
  );
});

test('what Go says about a failure, as an outcome', () => {
  const url = 'Get "http://127.0.0.1:1/?q=connection refused": ';
  const said: [string, string][] = [
    [`${url}dial tcp 0.0.0.0:0->127.0.0.1:1: connect: connection refused`, 'refused'],
    [`${url}dial tcp: lookup no.such on 127.0.0.53:53: no such host`, 'dns'],
    [`${url}dial tcp 10.0.0.1:80: i/o timeout`, 'connect-timeout'],
    [`${url}dial tcp 10.0.0.1:80: connect: no route to host`, 'unreachable'],
    [`${url}context deadline exceeded (Client.Timeout exceeded while awaiting headers)`, 'timeout'],
    ['net/http: request canceled (Client.Timeout or context cancellation while reading body)', 'timeout'],
    [`${url}read tcp 127.0.0.1:5->127.0.0.1:1: read: connection reset by peer`, 'reset'],
    [`${url}write: broken pipe`, 'reset'],
    [`${url}EOF`, 'closed'],
    [`${url}http: server closed idle connection`, 'closed'],
    [`${url}http2: server sent GOAWAY and closed the connection; LastStreamID=1`, 'closed'],
    [`${url}stream error: stream ID 7; REFUSED_STREAM; received from peer`, 'refused-stream'],
    [`${url}stream error: stream ID 7; INTERNAL_ERROR; received from peer`, 'reset'],
    ['unexpected EOF', 'truncated'],
    [`${url}tls: failed to verify certificate: x509: certificate signed by unknown authority`, 'tls'],
    [`${url}remote error: tls: handshake failure`, 'tls'],
    [`${url}http: server gave HTTP response to HTTPS client`, 'tls'],
    [`${url}net/http: TLS handshake timeout`, 'tls'],
    [`${url}net/http: HTTP/1.x transport connection broken: malformed HTTP status code "x"`, 'malformed'],
    ['no targets to attack', 'not-sent'],
    [`${url}stopped after 10 redirects`, 'other'],
    ['', 'other'],
  ];
  for (const [text, outcome] of said) assert.equal(outcomeOfError(text), outcome, text);
});

test('an error as long as a line may be is looked at quickly', () => {
  for (const unit of ['lookup ', 'stream error: ', 'header', 'dial tcp ', 'Get "a', 'Get "\\\\']) {
    assertLinear(
      (text) => assert.ok(outcomeOfError(text)),
      (length) => `Get "${unit.repeat(length)}`,
      2 ** 20,
    );
  }
});

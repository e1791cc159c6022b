import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvFields, resultOfCsv } from '../../../src/saved/vegeta/csv-result.js';
import { resultOfJson } from '../../../src/saved/vegeta/json-result.js';
import { ResultError } from '../../../src/saved/vegeta/result.js';
import { type MadeUpResult, vegetaCsv, vegetaJson } from '../../support/vegeta.js';

const LIMIT = 65_536;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/;

const result: fc.Arbitrary<MadeUpResult> = fc
  .record({
    seconds: fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }),
    nanos: fc.nat(999_999_999),
    latencyNs: fc.nat(2 ** 40),
    status: fc.constantFrom(0, 200, 404, 503, 65_535),
    error: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\r', '')),
    body: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    headers: fc.array(fc.tuple(fc.stringMatching(NAME), fc.stringMatching(/^[ -~]{0,12}$/)), {
      maxLength: 4,
    }),
    method: fc.constantFrom('GET', 'POST'),
    url: fc.constantFrom('http://a.example/', 'https://b.example:8443/x,y?"q"'),
    sequence: fc.nat(2 ** 40),
    attack: fc.constantFrom('', 'att,ack'),
  })
  .map((made) => ({ ...made }));

test('both forms are read as they were written', () => {
  fc.assert(
    fc.property(result, (made) => {
      const { attack: _attack, ...wanted } = made;
      const expected = {
        ...wanted,
        bodyBytes: made.body.length,
        headers: made.headers.flatMap(([name, value]) => [name, value.trim()]),
      };
      for (const read of [
        resultOfCsv(csvFields(vegetaCsv(made).slice(0, -1)) ?? [], LIMIT),
        resultOfJson(vegetaJson(made), LIMIT),
      ]) {
        const headers = read.headers.map((one) => one.toString('latin1').trim());
        // JSON has the values of a name together; the order of names is of no use to anyone.
        assert.deepEqual(
          { ...read, headers: [...headers].sort() },
          { ...expected, headers: [...expected.headers].sort() },
        );
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});

test('JSON that is nested without end, where a result has a text or nothing of interest, is an error', () => {
  const deep = `${'['.repeat(1 << 20)}${']'.repeat(1 << 20)}`;
  for (const json of [deep, `{"timestamp":${deep}}`, `{"latency":0,"code":${'{"a":'.repeat(1 << 20)}`]) {
    assert.throws(
      () => resultOfJson(json, LIMIT),
      /^ResultError: is nested more than 100 deep$|is nested more/,
    );
  }
});

test('any text is a result or an error that says what is wrong, never another exception', () => {
  const holds = (read: () => unknown) => {
    try {
      read();
    } catch (error) {
      assert.ok(error instanceof ResultError, String(error));
      assert.match(error.message, /^(has|is) /);
    }
  };
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      holds(() => csvFields(text));
      holds(() => resultOfJson(text, LIMIT));
    }),
    { seed: 4, numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 12 }), { minLength: 11, maxLength: 13 }), (fields) => {
      holds(() => resultOfCsv(fields, LIMIT));
    }),
    { seed: 4, numRuns: 500 },
  );
  fc.assert(
    fc.property(
      fc.record({
        timestamp: fc.oneof(fc.constant('2026-03-01T12:00:00Z'), fc.jsonValue()),
        latency: fc.jsonValue(),
        code: fc.jsonValue(),
        headers: fc.jsonValue(),
        body: fc.jsonValue(),
      }),
      (record) => holds(() => resultOfJson(JSON.stringify(record), LIMIT)),
    ),
    { seed: 4, numRuns: 1000 },
  );
});

test('quoted fields', () => {
  assert.deepEqual(csvFields('a,"b,""c"" d",,"",e'), ['a', 'b,"c" d', '', '', 'e']);
  assert.deepEqual(csvFields('"a\nb",c'), ['a\nb', 'c']);
  assert.equal(csvFields('a,"b'), null);
  assert.equal(csvFields('a,"b""'), null);
  assert.throws(() => csvFields('a,"b"c,d'), /text after a closing quote/);
});

test('what is wrong with a line', () => {
  const good = { timestamp: '2026-03-01T12:00:00.5+01:00', latency: 1000, code: 200 };
  const json = (changes: object) => JSON.stringify({ ...good, ...changes });
  assert.deepEqual(
    [resultOfJson(json({}), LIMIT)].map(({ seconds, nanos, body, headers, url }) => [
      seconds,
      nanos,
      body.length,
      headers,
      url,
    ]),
    [[Date.parse('2026-03-01T11:00:00Z') / 1000, 500_000_000, 0, [], '']],
  );
  assert.equal(resultOfJson(json({ body: null, headers: null, error: null }), LIMIT).error, '');
  const wrong: [string, RegExp][] = [
    ['{"timestamp":"2026-0', /is not a JSON object; 'vegeta encode --to json' writes one result per line/],
    ['[]', /is not a JSON object/],
    [json({ code: undefined }), /has no "code", which every result of 'vegeta encode --to json' has/],
    [json({ code: 70_000 }), /has 70000 in "code", where a whole number from 0 to 65535 is expected/],
    [json({ latency: -1 }), /has -1 in "latency", where a whole number from 0 is expected/],
    [json({ timestamp: 'yesterday' }), /has "yesterday" in "timestamp", where a time such as/],
    [json({ timestamp: '2026-13-01T12:00:00Z' }), /has "2026-13-01T12:00:00Z" in "timestamp"/],
    [json({ body: 'a b!' }), /has "a b!" in "body", where base64 is expected/],
    [json({ headers: { a: 'b' } }), /has .* in "headers", where an object with a list of strings/],
    [json({ url: 5 }), /has 5 in "url", where a string is expected/],
  ];
  for (const [line, message] of wrong) assert.throws(() => resultOfJson(line, LIMIT), message, line);
  const columns = '1795551170105576508,200,3130981,0,21,,aGVsbG8=,att,0,GET,http://a/,'.split(',');
  const csv = (changes: Record<number, string>) =>
    resultOfCsv(
      columns.map((old, i) => changes[i] ?? old),
      LIMIT,
    );
  assert.equal(csv({}).body.toString(), 'hello');
  assert.throws(() => resultOfCsv(['1', '2'], LIMIT), /has 2 columns; the 12 of 'vegeta encode --to csv'/);
  assert.throws(
    () => csv({ 0: '12:30' }),
    /has "12:30" in column 1 \(time\), where a number of nanoseconds since 1970 is expected/,
  );
  assert.throws(() => csv({ 1: 'OK' }), /has "OK" in column 2 \(status\)/);
  assert.throws(() => csv({ 2: '1.5' }), /has "1.5" in column 3 \(latency\)/);
  assert.throws(() => csv({ 6: 'aGVsbG8' }), /has "aGVsbG8" in column 7 \(body\), where base64 is expected/);
  assert.throws(() => csv({ 11: 'bm8gY29sb24=' }), /a header without a colon/);
});

test('of a body the limit is kept, and its whole length told', () => {
  for (const length of [0, 1, 511, 512, 513, 514, 5000]) {
    const body = Buffer.alloc(length, 'abc');
    const made = { ...BARE, body };
    for (const read of [
      resultOfCsv(csvFields(vegetaCsv(made).slice(0, -1)) ?? [], 512),
      resultOfJson(vegetaJson(made), 512),
    ]) {
      assert.equal(read.bodyBytes, length);
      assert.deepEqual(read.body, body.subarray(0, 512));
    }
  }
});

const BARE: MadeUpResult = {
  seconds: 1_795_551_170,
  nanos: 5,
  latencyNs: 1000,
  status: 200,
  error: '',
  body: Buffer.alloc(0),
  headers: [],
  method: 'GET',
  url: 'http://a/',
  sequence: 0,
  attack: '',
};

import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import type { IdentifyResult } from '../../src/probes/preflight/identify-result.js';
import { identifyReport } from '../../src/report/identify-table.js';

type Row = IdentifyResult['identifiers'][number];

const row = (change: Partial<Row>): Row => ({
  flags: ['--version-from', 'whoami'],
  version: 'v1',
  endpoint: null,
  detected: false,
  warning: null,
  ...change,
});

function report(change: Partial<IdentifyResult>, { columns = 100, color = false } = {}): string {
  const result: IdentifyResult = {
    method: 'GET',
    url: 'http://127.0.0.1:8080/',
    address: '127.0.0.1:8080',
    status: 200,
    body: 'hello',
    problem: null,
    detected: null,
    identifiers: [],
    ...change,
  };
  return identifyReport(result, { columns, color });
}

test('the whole report', () => {
  const text = report({
    body: 'Hostname: web-0\nX: y',
    detected: { version: 'whoami', endpoint: 'whoami', why: 'the body says so' },
    identifiers: [
      row({
        flags: ['--version-from', 'whoami', '--endpoint-from', 'whoami'],
        endpoint: 'web-0',
        detected: true,
      }),
      row({ flags: ['--version-from', "body:/^it's ([^\\s,;]+)/m"], version: 'x' }),
      row({ flags: ['--version-from', 'json:/host'], version: 'h', warning: 'this request sent it' }),
      row({
        flags: ['--endpoint-from', 'header:x-pod'],
        version: null,
        endpoint: 'p',
        warning: 'this request sent it',
      }),
    ],
  });
  assert.equal(
    text,
    `GET http://127.0.0.1:8080/ at 127.0.0.1:8080 answered 200.

Body
  Hostname: web-0
  X: y

   Flag                                          Version  Endpoint
*  --version-from whoami --endpoint-from whoami  v1       web-0
   --version-from 'body:/^it'\\''s ([^\\s,;]+)/m'  x        -
   --version-from json:/host                     h        -
   --endpoint-from header:x-pod                  -        p

* is what a run uses by default, because the body says so.
json:/host, header:x-pod: this request sent it.
`,
  );
});

test('nothing reads: how to write a regular expression', () => {
  assert.match(report({}), /Nothing here is known to tell a version\..*--version-from 'body:\/version/s);
  assert.match(
    report({ identifiers: [row({ version: null, endpoint: 'p' })] }),
    /A run chooses none of these by itself: give it a flag\.\nNothing here is known/,
  );
  assert.match(
    report({ status: 500, identifiers: [row({})] }),
    /none of these by itself from an answer with this status/,
  );
  assert.doesNotMatch(report({ problem: 'No route.\nGive one.' }), /Nothing here/);
  assert.match(report({ problem: 'No route.\nGive one.' }), /answered 200\.\nNo route\.\nGive one\.\n\nBody/);
});

test('hostile texts neither steer the terminal nor break its width', () => {
  const evil = `\u001b]0;x\u0007\u001b[2J\u202e=cmd()<script>\u0301\u{1f600}\r\n${'長'.repeat(300)}`;
  const change = {
    url: `http://h/${evil}`,
    address: evil,
    body: evil,
    problem: evil,
    identifiers: [row({ version: evil, endpoint: evil, detected: true, warning: evil })],
    detected: { version: 'whoami', endpoint: 'none', why: evil },
  };
  for (const columns of [20, 60, 61, 100, 500]) {
    const text = report(change, { columns });
    assert.match(text, /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]*$/);
    for (const line of text.split('\n')) {
      assert.ok(stringWidth(line) <= Math.min(Math.max(columns, 60), 200), line);
    }
  }
});

test('in a narrow terminal flags are wrapped between words, and colour takes no room', () => {
  const identifiers = [
    row({
      flags: ['--version-from', 'https-echo', '--endpoint-from', 'https-echo'],
      version: 'echo-of-the-canary',
      endpoint: 'echo-of-the-canary-7d9f8b6c5d-x2x4z',
      detected: true,
    }),
  ];
  const plain = report({ identifiers }, { columns: 60 });
  assert.match(plain, /--version-from/);
  assert.match(plain, /https-echo/);
  const colored = report({ identifiers }, { columns: 60, color: true });
  assert.notEqual(colored, plain);
  assert.equal(colored.replace(/\u001b\[\d+m/g, ''), plain);
});

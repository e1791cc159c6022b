/** Header fields that are read where they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { llhttp } from '../../../src/probes/http1/llhttp.js';
import { ResponseParser } from '../../../src/probes/http1/response-parser.js';
import { headerValue } from '../../../src/probes/response/raw-headers.js';

const NAMES = ['x-version', 'X-Version', 'x-versioN', 'x-versiom', 'x-versions', 'version', 'a'];

test('a value that is read in place is that of the fields, wherever the response is cut', () => {
  const parser = new ResponseParser(llhttp(), { headReceived() {}, bodyReceived() {} });
  const { buffer } = llhttp();
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.constantFrom(...NAMES), fc.stringMatching(/^[ \t]?[!-~\xa0-\xff]{0,6}[ \t]{0,2}$/)),
        {
          maxLength: 6,
        },
      ),
      fc.array(fc.nat({ max: 200 }), { maxLength: 4 }),
      (fields, cuts) => {
        const text = `HTTP/1.1 200 OK\r\n${fields.map(([name, value]) => `${name}:${value}\r\n`).join('')}content-length: 0\r\n\r\n`;
        const bytes = Buffer.from(text, 'latin1');
        parser.begin(false);
        assert.equal(parser.head.find('x-version'), null);
        const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        let at = 0;
        for (const end of ends) {
          if (end === at) continue;
          assert.equal(parser.read(bytes.copy(buffer, 0, at, end)), null);
          at = end;
        }
        assert.ok(parser.complete);
        for (const name of ['x-version', 'version', 'a', 'content-length', 'none']) {
          assert.equal(parser.head.find(name), headerValue(parser.head.buffers, name), name);
        }
        const first = fields.find(([name]) => name.toLowerCase() === 'x-version');
        assert.equal(parser.head.find('x-version'), first?.[1].trim() ?? null);
      },
    ),
    { seed: 25, numRuns: 500 },
  );
  parser.free();
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { MAX_HEADER_FILE_BYTES, parseHeaders } from '../../../src/cli/options/headers.js';
import { UserError } from '../../../src/errors.js';
import { scratch } from '../../e2e/sample-lab.js';
import { said } from '../../support/flags.js';

const CANARY = 's3cr3t-canary';

function fileWith(t: TestContext, text: string): string {
  const file = join(scratch(t), 'headers.txt');
  writeFileSync(file, text);
  return file;
}

function refuses(flags: Record<string, unknown>, message: RegExp, env: NodeJS.ProcessEnv = {}): void {
  assert.throws(
    () => parseHeaders(flags, env),
    (error: unknown) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(said(error), message);
      assert.ok(!said(error).includes(CANARY), said(error));
      assert.equal(error.exitCode, 2);
      return true;
    },
  );
}

test('-H @FILE: one header a line; its values are secret', (t) => {
  const text = `\ufeff# a comment\r\nX-Tenant: ${CANARY}\r\n\r\n   \n  # another\n  X-Env:canary  \nAccept:\nX-Empty;\n`;
  const file = fileWith(t, text);
  assert.deepEqual(parseHeaders({ header: ['x-a: 1', `@${file}`, 'x-b: 2'], secret: 'x-c' }), {
    headers: ['x-a: 1', `X-Tenant: ${CANARY}`, 'X-Env:canary', 'Accept:', 'X-Empty;', 'x-b: 2'],
    secretHeaders: ['x-c', 'X-Tenant', 'X-Env', 'Accept', 'X-Empty'],
  });
  assert.deepEqual(parseHeaders({ header: `@${fileWith(t, '')}` }), { headers: [], secretHeaders: [] });
});

test('-H @FILE: an error names file and line, and no value', (t) => {
  const wrong = fileWith(t, `x-a: 1\n\nAuthorization Bearer ${CANARY}\n`);
  refuses({ header: `@${wrong}` }, /^-H \S*headers\.txt:3: 'Authorization …' is not a header\./);
  refuses({ header: `@${fileWith(t, `${CANARY}\n`)}` }, /headers\.txt:1: a text of 13 characters is not/);
  const bad = fileWith(t, `x-a: ${CANARY}\u0001\n`);
  refuses(
    { header: `@${bad}` },
    /headers\.txt:1: the value of x-a has characters that a header cannot carry\.$/,
  );
  const own = fileWith(t, 'Connection: close\n');
  refuses({ header: `@${own}` }, /headers\.txt:1: Connection is written by weighbridge itself/);
  refuses({ header: '@/nonexistent/h' }, /^-H: \/nonexistent\/h cannot be read \(ENOENT\)\.$/);
  refuses({ header: '@' }, /^-H @: give the name of a file/);
});

test('-H @FILE: at most 1 MiB', (t) => {
  const line = `x-a: ${'a'.repeat(MAX_HEADER_FILE_BYTES - 6)}\n`;
  assert.equal(parseHeaders({ header: `@${fileWith(t, line)}` }).headers.length, 1);
  refuses({ header: `@${fileWith(t, `${line}\n`)}` }, /headers\.txt is larger than 1 MiB\.$/);
});

test('-H @-: standard input is read by one option only', () => {
  refuses({ header: ['@-', '@-'] }, /^-H @- was given 2 times/);
  refuses({ header: '@-', manifest: ['a.yaml', '-'] }, /^-H @- and -f - would both read standard input/);
});

test('--header-env: the value of a variable, which is secret', () => {
  const env = { TOKEN: `Bearer ${CANARY}`, 'a=b': 'x' };
  assert.deepEqual(
    parseHeaders({ header: 'x-a: 1', 'header-env': ['Authorization=TOKEN', 'x-b=a=b'] }, env),
    {
      headers: ['x-a: 1', `Authorization: Bearer ${CANARY}`, 'x-b: x'],
      secretHeaders: ['Authorization', 'x-b'],
    },
  );
});

test('--header-env: errors show no value, not even one in place of the name of a variable', () => {
  const wrong = /^--header-env: write it as NAME=VARIABLE/;
  for (const text of ['', '=', CANARY, `=${CANARY}`, `Authorization: ${CANARY}`, `X Y=${CANARY}`]) {
    refuses({ 'header-env': text }, wrong);
  }
  refuses({ 'header-env': `X-A=${CANARY}` }, /^--header-env X-A: the environment has no variable/);
  refuses({ 'header-env': 'X-A=' }, /^--header-env X-A: the environment has no variable/);
  const env = { EMPTY: ' ', LINES: `${CANARY}\nX-B: 1`, BAD: `${CANARY}\u0001` };
  refuses({ 'header-env': 'X-A=EMPTY' }, /^--header-env X-A: its variable is empty\.$/, env);
  refuses({ 'header-env': 'X-A=LINES' }, /^--header-env X-A: .* has a line break/, env);
  refuses({ 'header-env': 'X-A=BAD' }, /^--header-env X-A: the value of X-A has characters/, env);
  refuses({ 'header-env': 'Connection=OK' }, /^--header-env Connection: Connection is written/, {
    OK: 'close',
  });
});

test('property: any file is read as headers, or refused with its line and without its text', (t) => {
  const line = fc.oneof(
    fc.constantFrom(
      '',
      '#',
      '# note',
      'X-A: 1',
      'X-B;',
      'X-C:',
      CANARY,
      `a ${CANARY}`,
      `Key: ${CANARY}\u0000`,
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const file = fileWith(t, lines.join(end));
      try {
        const { headers, secretHeaders } = parseHeaders({ header: `@${file}` });
        assert.ok(headers.length >= new Set(secretHeaders).size);
        assert.ok(headers.every((header) => header.trim() !== '' && !/[\n]/.test(header)));
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
        assert.match(said(error), /^-H \S+headers\.txt:\d+: /);
        assert.ok(!said(error).includes(CANARY));
      }
    }),
    { numRuns: 100 },
  );
});

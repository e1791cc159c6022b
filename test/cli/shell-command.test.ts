import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathFromUser, programWords, shellCommand } from '../../src/cli/shell-command.js';

const started = (script: string, env: Record<string, string> = {}) => ({
  argv: ['/usr/bin/node', script],
  env,
  cwd: '/home/me/weighbridge',
});

test('how weighbridge is started: installed, by npx, in a clone', () => {
  assert.deepEqual(programWords(started('/usr/local/bin/weighbridge')), ['weighbridge']);
  const npx = started('/home/me/app/node_modules/.bin/weighbridge', { npm_command: 'exec' });
  assert.deepEqual(programWords(npx), ['npx', 'weighbridge']);
  const clone = started('/home/me/weighbridge/bin/weighbridge.js');
  assert.deepEqual(programWords(clone), ['node', 'bin/weighbridge.js']);
});

test('paths are from where the user called npm, absolute for what lies elsewhere', () => {
  const here = started('');
  assert.equal(pathFromUser('samples/a.yaml', here), 'samples/a.yaml');
  assert.equal(pathFromUser('/etc/a.yaml', here), '/etc/a.yaml');
  const below = { ...here, env: { INIT_CWD: '/home/me/weighbridge/docs' } };
  assert.equal(pathFromUser('docs/a.yaml', below), 'a.yaml');
  assert.equal(pathFromUser('samples/a.yaml', below), '/home/me/weighbridge/samples/a.yaml');
});

test('words with blanks and quotes', () => {
  assert.equal(shellCommand(['a', 'b c', "it's", '{"x":1}']), `a 'b c' 'it'\\''s' '{"x":1}'`);
});

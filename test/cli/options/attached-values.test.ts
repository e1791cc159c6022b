import assert from 'node:assert/strict';
import { test } from 'node:test';
import { separateAttached } from '../../../src/cli/options/attached-values.js';
import { RUN_OPTIONS } from '../../../src/cli/options/run-options.js';

const separated = (...words: string[]) => separateAttached(words, RUN_OPTIONS);

test('values attached to short options, as curl and oha take them', () => {
  assert.deepEqual(separated('run', '-XPOST', '-z10s', '-n5', '-q1.5', '-froute.yaml', '-f-'), [
    'run',
    '-X=POST',
    '-z=10s',
    '-n=5',
    '-q=1.5',
    '-f=route.yaml',
    '-f=-',
  ]);
  assert.deepEqual(separated('-Ha: b=c', '-d{\n}', '-kn5'), ['-H=a: b=c', '-d={\n}', '-kn=5']);
});

test('everything else stays as it is', () => {
  const words = ['-n', '5', '-c=5', '-k', '--no-color', '--data=-XPOST', '-', 'http://a/-XPOST', '-5', '--'];
  assert.deepEqual(separated(...words, '-XPOST'), [...words, '-XPOST']);
});

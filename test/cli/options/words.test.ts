import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANALYZE_FLAGS } from '../../../src/cli/options/analyze.js';
import { RUN_FLAGS } from '../../../src/cli/options/run.js';
import { nameStdin, separateAttached } from '../../../src/cli/options/words.js';

const separated = (...words: string[]) => separateAttached(words, RUN_FLAGS);

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

test('a dash is a file unless it is the value of an option', () => {
  const named = (...words: string[]) => nameStdin(words, 'analyze', ANALYZE_FLAGS);
  assert.deepEqual(named('analyze', '-', '--json', '-'), ['analyze', '/dev/stdin', '--json', '-']);
  assert.deepEqual(named('analyze', '--quiet', '-', 'a'), ['analyze', '--quiet', '/dev/stdin', 'a']);
  assert.deepEqual(named('analyze', '--json=a', '-'), ['analyze', '--json=a', '/dev/stdin']);
  assert.deepEqual(named('run', '-f', '-'), ['run', '-f', '-']);
});

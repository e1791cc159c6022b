import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usageError } from '../../src/cli/usage-error.js';

const OPTIONS = ['rate', 'ramp', 'requests', 'no-keepalive', 'help'];
const said = (complaint: string, ...args: string[]) =>
  usageError(complaint, OPTIONS, args).message.split('\n');

test('an unknown option: the nearest one that there is', () => {
  assert.deepEqual(said('Unknown argument: ratee', 'run', '--ratee', '5'), [
    'There is no option --ratee. Did you mean --rate?',
    "'weighbridge run --help' lists the options.",
  ]);
  assert.match(
    said('Unknown argument: keepalive', 'run', '--keepalive')[0] ?? '',
    /Did you mean --no-keepalive\?/,
  );
});

test('nothing is guessed for what is like nothing, and for single letters', () => {
  assert.equal(
    said('Unknown argument: frobnicate', 'run', '--frobnicate')[0],
    'There is no option --frobnicate.',
  );
  assert.equal(said('Unknown argument: y', 'run', '-y')[0], 'There is no option -y.');
});

test('an unknown command', () => {
  assert.deepEqual(said('Unknown argument: runn', 'runn'), [
    "There is no command 'runn'. Did you mean 'run'?",
    "'weighbridge --help' lists the commands.",
  ]);
});

test('words too many are said once, with the usual reasons', () => {
  const lines = said(
    'Unknown arguments: b.yaml, c.yaml',
    'run',
    'http://x',
    '-f',
    'a.yaml',
    'b.yaml',
    'c.yaml',
  );
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /^'b\.yaml' is an extra argument\. .*-f a\.yaml -f b\.yaml/);
});

test('a command that takes no URL does not speak of one', () => {
  const [line] = said('Unknown argument: a.yaml', 'instrument', 'a.yaml');
  assert.match(line ?? '', /^'a\.yaml' is an extra argument\. Write an option before each value/);
});

test('an option without its value', () => {
  assert.equal(
    said('Not enough arguments following: rate', 'run', '--rate')[0],
    '--rate needs a value after it.',
  );
  assert.equal(said('Not enough arguments following: n', 'run', '-n')[0], '-n needs a value after it.');
});

test('other complaints are passed on', () => {
  assert.equal(said('Give a command: run, lab or demo.')[0], 'Give a command: run, lab or demo.');
});

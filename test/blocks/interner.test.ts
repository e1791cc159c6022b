import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Interner } from '../../src/blocks/interner.js';
import { NO_LABEL } from '../../src/blocks/sample-block.js';

test('labels are numbered in the order in which they come', () => {
  const interner = new Interner();
  assert.deepEqual(
    ['v1', 'v2', 'v1', null, ''].map((label) => interner.id(label)),
    [0, 1, 0, NO_LABEL, 2],
  );
  assert.deepEqual(interner.labels, ['v1', 'v2', '']);
  assert.equal(interner.overflowed, false);
});

test('past the bound labels are one, and known ones stay known', () => {
  const interner = new Interner(4);
  const ids = ['a', 'b', 'c', 'd', 'e', 'b', 'f'].map((label) => interner.id(label));
  assert.deepEqual(ids, [0, 1, 2, 3, 3, 1, 3]);
  assert.deepEqual(interner.labels, ['a', 'b', 'c', '(other)']);
  assert.equal(interner.overflowed, true);
});

test('names of objects’ own properties are labels like others', () => {
  const interner = new Interner();
  assert.equal(interner.id('__proto__'), 0);
  assert.equal(interner.id('constructor'), 1);
  assert.equal(interner.id('__proto__'), 0);
});

test('no number of labels meets the one that means none', () => {
  const interner = new Interner();
  for (let n = 0; n < 70_000; n += 1) assert.ok(interner.id(`label ${n}`) < NO_LABEL);
  assert.equal(interner.labels.length, 4096);
});

test('a label that was cut out of a long text does not keep the text in memory', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const interner = new Interner();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 300; i += 1) {
    // Read from bytes, as bodies are: 300 MiB of text in all.
    const text = Buffer.alloc(1024 * 1024, `version=backend-of-the-shop-${i};`).toString('utf8');
    const id = interner.id(/version=([^;]+)/.exec(text)?.[1] as string);
    assert.equal(interner.labels[id], `backend-of-the-shop-${i}`);
    if (i % 25 === 0) collect();
  }
  collect();
  const grown = Math.round((process.memoryUsage().rss - before) / 1024 / 1024);
  assert.ok(grown < 150, `${grown} MiB more`);
});

test('labels are kept letter by letter, lone surrogates and all', () => {
  const interner = new Interner();
  for (const label of ['', '\ud800', 'a\udc00b', '\u0000\u001b[31m', 'ünï💥'.repeat(10)]) {
    assert.equal(interner.labels[interner.id(label)], label);
    assert.equal(interner.id(label), interner.id(label));
  }
});

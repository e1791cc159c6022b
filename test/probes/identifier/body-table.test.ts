import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholeBody } from '../../../src/probes/body-bytes.js';
import { BodyTable } from '../../../src/probes/identifier/body-table.js';

const body = (text: string) => wholeBody(Buffer.from(text));

test('bodies are numbered in the order in which they were added, until it is full', () => {
  const table = new BodyTable();
  const bodies = Array.from({ length: 1024 }, (_, i) => body(String(i).repeat(i % 300)));
  for (const [i, one] of bodies.entries()) {
    if (i % 300 === 0) continue;
    assert.equal(table.find(one), -1);
    const { size } = table;
    assert.equal(table.add(one), true);
    assert.equal(table.find(one), size);
  }
  for (let i = table.size; i < 1024; i += 1) assert.equal(table.add(body(`more ${i}`)), true);
  assert.equal(table.add(body('one too many')), false);
  assert.equal(table.find(body('one too many')), -1);
  assert.equal(table.find(bodies[1]!), 0);
  table.clear();
  assert.equal(table.find(bodies[1]!), -1);
  assert.equal(table.size, 0);
  assert.equal(table.add(bodies[2]!), true);
  assert.equal(table.find(bodies[2]!), 0);
});

test('the bytes are copied', () => {
  const table = new BodyTable();
  const bytes = Buffer.from('abc');
  table.add(wholeBody(bytes));
  bytes.fill('x');
  assert.equal(table.find(body('abc')), 0);
  assert.equal(table.find(body('xxx')), -1);
});

test('the same hash and length are not the same body, and 16 of them are all that it takes', () => {
  const table = new BodyTable(() => -1);
  for (let i = 0; i < 16; i += 1) assert.equal(table.add(body(`body ${i + 10}`)), true);
  for (let i = 0; i < 16; i += 1) assert.equal(table.find(body(`body ${i + 10}`)), i);
  assert.equal(table.find(body('body 26')), -1);
  assert.equal(table.add(body('body 26')), false);
});

/** Sinks that throw, reject and never end: each only hurts itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SampleSink } from '../../src/blocks/run-record.js';
import { SampleBlock } from '../../src/blocks/sample-block.js';
import { SinkGroup } from '../../src/blocks/sink-group.js';
import { endOf, MadeUpRun } from '../support/saved.js';

const { header } = new MadeUpRun();
const NEVER = new AbortController().signal;

/** A sink that notes what it is called for. */
function sink(faults: Partial<SampleSink> = {}) {
  const calls: string[] = [];
  const noting: SampleSink = {
    begin: (given) => {
      calls.push('begin');
      faults.begin?.(given);
    },
    add: (block) => {
      calls.push('add');
      return faults.add?.(block) ?? null;
    },
    end: async (given, deadline) => {
      calls.push('end');
      await faults.end?.(given, deadline);
    },
  };
  return { sink: noting, calls };
}

const fail = () => {
  throw new Error('made to fail');
};

for (const [method, calls] of [
  ['begin', ['begin']],
  ['add', ['begin', 'add']],
  ['end', ['begin', 'add', 'add', 'end']],
] as const) {
  test(`a sink whose ${method} throws gets nothing more, and the others get everything`, async () => {
    const faulty = sink({ [method]: fail });
    const healthy = sink();
    const group = new SinkGroup([faulty.sink, healthy.sink]);
    group.begin(header);
    assert.equal(group.add(new SampleBlock()), null);
    assert.equal(group.add(new SampleBlock()), null);
    await group.end(endOf([]), NEVER);
    assert.equal(group.failure?.message, 'a sink failed: made to fail');
    assert.deepEqual(faulty.calls, calls);
    assert.deepEqual(healthy.calls, ['begin', 'add', 'add', 'end']);
  });
}

test('a sink whose promise is rejected holds nothing up', async () => {
  const faulty = sink({ add: () => Promise.reject(new Error('made to fail')) });
  const group = new SinkGroup([faulty.sink]);
  group.begin(header);
  await group.add(new SampleBlock());
  assert.equal(group.failure?.message, 'a sink failed: made to fail');
  assert.equal(group.add(new SampleBlock()), null);
});

test('what JavaScript allows: an async begin that rejects, nothing returned, null thrown', async () => {
  const async = {
    begin: async () => fail(),
    add: () => undefined as unknown as null,
    end: () => undefined as unknown as Promise<void>,
  };
  const group = new SinkGroup([async]);
  group.begin(header);
  assert.equal(group.add(new SampleBlock()), null);
  await new Promise(setImmediate);
  assert.equal(group.failure?.message, 'a sink failed: made to fail');
  const silent = new SinkGroup([{ ...async, begin: () => {} }]);
  silent.begin(header);
  assert.equal(silent.add(new SampleBlock()), null);
  await silent.end(endOf([]), NEVER);
  assert.equal(silent.failure, null);
  const throwing = new SinkGroup([
    sink({
      begin: () => {
        throw null;
      },
    }).sink,
  ]);
  throwing.begin(header);
  assert.equal(throwing.failure?.message, 'a sink failed: null');
});

test('the group is full until every sink has room', async () => {
  const rooms: (() => void)[] = [];
  const full = () => new Promise<void>((resolve) => rooms.push(resolve));
  const group = new SinkGroup([sink({ add: full }).sink, sink().sink, sink({ add: full }).sink]);
  group.begin(header);
  let hasRoom = false;
  const room = group.add(new SampleBlock())?.then(() => {
    hasRoom = true;
  });
  rooms[0]?.();
  await new Promise(setImmediate);
  assert.equal(hasRoom, false);
  rooms[1]?.();
  await room;
  assert.equal(hasRoom, true);
});

test('after the deadline a sink that does not end is not awaited', async () => {
  const endless = sink({ end: () => new Promise(() => {}) });
  const group = new SinkGroup([endless.sink]);
  group.begin(header);
  const deadline = new AbortController();
  const ended = group.end(endOf([]), deadline.signal);
  deadline.abort();
  await ended;
  assert.equal(group.failure, null);
});

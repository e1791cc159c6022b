import assert from 'node:assert/strict';
import test from 'node:test';
import { parseFault } from '../../../src/lab/backends/fault-spec.js';
import { FaultBoard } from '../../../src/lab/backends/faults.js';

function board(random = () => 0.5) {
  const clock = { ms: 0 };
  const refusing: [string, boolean][] = [];
  const made = new FaultBoard({
    targets: new Map([
      ['v1-0', ['v1-0']],
      ['v2-0', ['v2-0']],
      ['v2-1', ['v2-1']],
      ['v2', ['v2-0', 'v2-1']],
      ['empty', []],
      ['*', ['v1-0', 'v2-0', 'v2-1']],
    ]),
    now: () => clock.ms,
    random,
    onRefusing: (pod, is) => refusing.push([pod, is]),
  });
  const set = (text: string) => made.set(parseFault(text, 'fault'), 'fault');
  return { made, clock, set, refusing };
}

test('a fault begins after its time, ends after its time, and hits its pods only', () => {
  const { made, clock, set } = board();
  set('v2:status=500,after=5s,for=10s');
  const at = (ms: number, pod: string) => {
    clock.ms = ms;
    return made.treat(pod).answer;
  };
  assert.equal(at(4999, 'v2-0'), null);
  assert.deepEqual(at(5000, 'v2-0'), { status: 500 });
  assert.deepEqual(at(14_999, 'v2-1'), { status: 500 });
  assert.equal(at(14_999, 'v1-0'), null);
  assert.equal(at(15_000, 'v2-0'), null);
});

test('times count from when the fault is set', () => {
  const { made, clock, set } = board();
  clock.ms = 1000;
  set('v1-0:close,after=1s');
  clock.ms = 1999;
  assert.equal(made.treat('v1-0').answer, null);
  assert.deepEqual(
    made.list().map(({ state }) => state),
    ['to come'],
  );
  clock.ms = 2000;
  assert.equal(made.treat('v1-0').answer, 'close');
});

test('a stall holds requests until its end, so that later ones wait less', () => {
  const { made, clock, set } = board();
  set('*:stall=300ms');
  assert.equal(made.treat('v1-0').delayMs, 300);
  clock.ms = 250;
  assert.equal(made.treat('v1-0').delayMs, 50);
  clock.ms = 300;
  assert.equal(made.treat('v1-0').delayMs, 0);
});

test('delays add up, the answer set last counts', () => {
  const { made, set } = board();
  set('v2:slow=100ms');
  set('v2-0:slow=20ms');
  set('v2:status=503');
  set('v2-1:garbage');
  assert.deepEqual(made.treat('v2-0'), { delayMs: 120, answer: { status: 503 } });
  assert.deepEqual(made.treat('v2-1'), { delayMs: 100, answer: 'garbage' });
});

test('a rate hits its share of the requests', () => {
  let next = 0;
  const { made, set } = board(() => next);
  set('v2:status=500,rate=0.3');
  next = 0.29;
  assert.deepEqual(made.treat('v2-0').answer, { status: 500 });
  next = 0.3;
  assert.equal(made.treat('v2-0').answer, null);
});

test('refusing pods are told at once, and again when cleared', () => {
  const { made, set, refusing } = board();
  set('v2:refuse');
  assert.deepEqual(refusing, [
    ['v2-0', true],
    ['v2-1', true],
  ]);
  made.clear();
  assert.deepEqual(refusing.slice(2), [
    ['v2-0', false],
    ['v2-1', false],
  ]);
  assert.deepEqual(made.list(), []);
});

test('an unknown target is refused and the known ones are named', () => {
  const { set } = board();
  assert.throws(() => set('v3:close'), {
    name: 'UserError',
    message:
      "fault: there is no pod, version or service 'v3'. These are there: v1-0, v2-0, v2-1, v2, empty, *.",
  });
  assert.throws(() => set('empty:close'), { name: 'UserError', message: "fault: 'empty' has no pods" });
});

test('faults are bounded, and those that are over make room', () => {
  const { clock, set } = board();
  for (let i = 0; i < 1000; i++) set('v1-0:slow=1ms,for=1s');
  assert.throws(() => set('v1-0:close'), { name: 'UserError', message: /1000 faults are set/ });
  clock.ms = 1000;
  set('v1-0:close');
});

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { runSignals, type SignalEffect, type SignalledProcess } from '../../src/cli/signals.js';

/** A process that notes its end instead of ending. */
class FakeProcess extends EventEmitter {
  readonly pid = 4711;
  readonly exits: number[] = [];
  readonly kills: unknown[] = [];
  constructor(readonly resources: string[]) {
    super();
  }
  getActiveResourcesInfo(): string[] {
    return this.resources;
  }
  /** Without a handler, signals end the process. */
  kill(...words: unknown[]): never {
    assert.equal(this.eventNames().length, 0);
    this.kills.push(words);
    throw new Error('ended');
  }
  exit(code: number): never {
    this.exits.push(code);
    throw new Error('ended');
  }
  /** Whether the signal ended the process. */
  send(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): boolean {
    try {
      this.emit(name, name);
      return false;
    } catch {
      return true;
    }
  }
}

function started(effects: SignalEffect[] = [], resources: string[] = ['Timeout']) {
  const self = new FakeProcess(resources);
  const endings: string[] = [];
  const signals = runSignals(
    (ending) => {
      endings.push(ending);
      return effects[endings.length - 1] ?? 'exit';
    },
    self as unknown as SignalledProcess,
  );
  return { self, endings, signals };
}

test('a signal that stops the run says how it ended', () => {
  for (const [name, ended] of [
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
    ['SIGHUP', 'terminated'],
  ] as const) {
    const { self, endings, signals } = started(['stop']);
    assert.equal(signals.signal.aborted, false);
    assert.equal(signals.endedBy(), null);
    assert.equal(self.send(name), false);
    assert.equal(signals.signal.aborted, true);
    assert.equal(signals.forceSignal.aborted, false);
    assert.equal(signals.endedBy(), ended);
    assert.deepEqual(endings, [ended]);
  }
});

test('the second signal waits for nothing, the third ends the process', () => {
  const { self, signals } = started(['stop', 'force', 'exit']);
  self.send('SIGINT');
  assert.equal(self.send('SIGINT'), false);
  assert.equal(signals.forceSignal.aborted, true);
  assert.equal(self.send('SIGTERM'), true);
  assert.deepEqual(self.exits, [143]);
});

test('with nothing to keep, the first one ends the process', () => {
  for (const [name, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const) {
    const { self } = started(['exit']);
    assert.equal(self.send(name), true);
    assert.deepEqual(self.exits, [status]);
  }
});

test('while a name is looked up, which exit would wait for, the signal’s own effect ends the process', () => {
  for (const [name, sent] of [
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
    // 143 too.
    ['SIGHUP', 'SIGTERM'],
  ] as const) {
    const { self } = started(['exit'], ['Timeout', 'GetAddrInfoReqWrap']);
    assert.equal(self.send(name), true);
    assert.deepEqual([self.kills, self.exits], [[[4711, sent]], []]);
  }
});

test('a signal that changes nothing is remembered', () => {
  const { self, signals } = started(['continue']);
  assert.equal(self.send('SIGINT'), false);
  assert.equal(signals.signal.aborted, false);
  assert.equal(signals.endedBy(), 'interrupted');
});

test('after the run the signals are the process’s own again', () => {
  const { self, signals } = started();
  signals.release();
  assert.equal(self.eventNames().length, 0);
});

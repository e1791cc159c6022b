import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { runSignals, type SignalEffect } from '../../src/cli/signals.js';

/** A process that notes its end instead of ending. */
class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
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

function started(...effects: SignalEffect[]) {
  const self = new FakeProcess();
  const endings: string[] = [];
  const signals = runSignals(
    (ending) => {
      endings.push(ending);
      return effects[endings.length - 1] ?? 'exit';
    },
    self as unknown as Pick<NodeJS.Process, 'on' | 'off' | 'exit'>,
  );
  return { self, endings, signals };
}

test('a signal that stops the run says how it ended', () => {
  for (const [name, ended] of [
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
    ['SIGHUP', 'terminated'],
  ] as const) {
    const { self, endings, signals } = started('stop');
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
  const { self, signals } = started('stop', 'force', 'exit');
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
    const { self } = started('exit');
    assert.equal(self.send(name), true);
    assert.deepEqual(self.exits, [status]);
  }
});

test('a signal that changes nothing is remembered', () => {
  const { self, signals } = started('continue');
  assert.equal(self.send('SIGINT'), false);
  assert.equal(signals.signal.aborted, false);
  assert.equal(signals.endedBy(), 'interrupted');
});

test('after the run the signals are the process’s own again', () => {
  const { self, signals } = started();
  signals.release();
  assert.equal(self.eventNames().length, 0);
});

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { runSignals } from '../../src/cli/signals.js';

/** A process that notes its end instead of ending. */
class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
  exit(code: number): never {
    this.exits.push(code);
    throw new Error('ended');
  }
  /** Whether the signal ended the process. */
  send(name: 'SIGINT' | 'SIGTERM'): boolean {
    try {
      this.emit(name, name);
      return false;
    } catch {
      return true;
    }
  }
}

function started(answer: 'keep' | 'end' = 'keep') {
  const self = new FakeProcess();
  const names: string[] = [];
  const signals = runSignals(
    (name) => {
      names.push(name);
      return answer;
    },
    self as unknown as Pick<NodeJS.Process, 'on' | 'off' | 'exit'>,
  );
  return { self, names, signals };
}

test('the first signal aborts the run and says how it ended', () => {
  for (const [name, ended] of [
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
  ] as const) {
    const { self, names, signals } = started();
    assert.equal(signals.signal.aborted, false);
    assert.equal(self.send(name), false);
    assert.equal(signals.signal.aborted, true);
    assert.equal(signals.endedBy(), ended);
    assert.deepEqual(names, [name]);
  }
});

test('the second signal ends the process at once', () => {
  const { self, names } = started();
  self.send('SIGINT');
  assert.equal(self.send('SIGINT'), true);
  assert.deepEqual(self.exits, [130]);
  assert.deepEqual(names, ['SIGINT']);
});

test('with nothing to keep, the first one does', () => {
  const interrupted = started('end');
  assert.equal(interrupted.self.send('SIGINT'), true);
  assert.deepEqual(interrupted.self.exits, [130]);
  const terminated = started('end');
  terminated.self.send('SIGTERM');
  assert.deepEqual(terminated.self.exits, [143]);
});

test('after the run the signals are the process’s own again', () => {
  const { self, signals } = started();
  signals.release();
  assert.equal(self.listenerCount('SIGINT') + self.listenerCount('SIGTERM'), 0);
});

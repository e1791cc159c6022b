import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { SoFar } from '../../src/analysis/so-far.js';
import { complain } from '../../src/cli/complain.js';
import { LiveView } from '../../src/cli/live-view.js';
import { windowOf } from '../support/ejections.js';
import { everydayPicture, GOAL } from '../support/live-picture.js';

const [ENTER, LEAVE] = ['\u001b[?1049h', '\u001b[?1049l'];

class Terminal extends EventEmitter {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  readonly written: string[] = [];

  write(text: string): boolean {
    this.written.push(text);
    return true;
  }

  /** What was written since the last time. */
  take(): string {
    return this.written.splice(0).join('');
  }
}

/** A view with a clock and timers of its own. */
function viewOn(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  const terminal = new Terminal();
  const view = new LiveView(terminal as unknown as NodeJS.WriteStream, false);
  t.after(() => view.end());
  const { now, soFar } = everydayPicture();
  const picture = { soFar: { ...(soFar as SoFar) } as { -readonly [Key in keyof SoFar]: SoFar[Key] } };
  let asked = 0;
  const update = () =>
    view.update(
      () => now.live,
      () => {
        asked += 1;
        return picture.soFar;
      },
    );
  return {
    terminal,
    view,
    update,
    picture,
    asked: () => asked,
    pass: (ms: number) => {
      for (let passed = 0; passed < ms; passed += 50) {
        nowMs += 50;
        t.mock.timers.tick(50);
      }
    },
  };
}

test('drawn at most four times a second, on a screen of its own that is left at the end', (t) => {
  const { terminal, view, update, pass, asked } = viewOn(t);
  view.begin(GOAL);
  update();
  pass(200);
  assert.equal(terminal.take(), '', 'nothing before there is something to see');
  pass(50);
  const first = terminal.take();
  assert.ok(first.startsWith(ENTER));
  assert.match(first, /\n0 s of 20 s /);
  pass(5000);
  const frames = terminal.take().split('\u001b[?2026h').length - 1;
  assert.ok(frames > 4 && frames <= 20, `${frames} in 5 s`);
  assert.ok(asked() >= 5 && asked() <= 6, `figures ${asked()} times in 5 s`);
  view.end();
  const last = terminal.take();
  assert.ok(last.endsWith(LEAVE) && !last.includes(ENTER));
  view.end();
  pass(1000);
  assert.equal(terminal.take(), '');
  assert.doesNotMatch(first + last, /\u001b\[\?25l/, 'the cursor is never hidden');
  assert.equal(terminal.listenerCount('resize'), 0);
});

test('lines that move because others come before them are drawn in their new places', (t) => {
  const { terminal, view, update, pass, picture } = viewOn(t);
  view.begin(GOAL);
  update();
  pass(300);
  assert.match(terminal.take(), /├──┼──┤/);
  picture.soFar.ejections = { windows: [windowOf()], earlier: 0, untilMs: 50_000 };
  pass(1500);
  assert.match(terminal.take(), /Out of rotation(.*\n)+.*├──┼──┤/);
});

test('before anything has come, and while nothing comes, time goes on', (t) => {
  const { terminal, view, update, pass } = viewOn(t);
  view.begin(GOAL);
  pass(300);
  assert.match(terminal.take(), /no answer yet/);
  update();
  pass(5000);
  assert.match(terminal.take(), /\n?5 s of 20 s/);
});

test('a message is not mixed with the view, which comes back', (t) => {
  const { terminal, view, update, pass } = viewOn(t);
  view.begin(GOAL);
  update();
  pass(300);
  terminal.take();
  const write = t.mock.method(process.stderr, 'write', (text: string) => terminal.write(text));
  complain('something happened');
  write.mock.restore();
  const said = terminal.take();
  assert.ok(said.endsWith(`${LEAVE}weighbridge: something happened\n`), JSON.stringify(said));
  pass(1000);
  assert.ok(terminal.take().startsWith(ENTER));
  view.end();
});

test('resized: the screen is cleared and drawn anew; without a size nothing is drawn', (t) => {
  const { terminal, view, update, pass } = viewOn(t);
  view.begin(GOAL);
  update();
  pass(300);
  terminal.take();
  for (const columns of [20, 80]) {
    terminal.columns = columns;
    terminal.emit('resize');
    const [clear = '', ...frame] = terminal.take().split('\u001b[?2026h');
    assert.equal(clear, '\u001b[2J\u001b[H');
    for (const line of frame
      .join('')
      .replaceAll(/\u001b\[[\d;?]*[a-zA-Z]/g, '')
      .split('\n'))
      assert.ok(line.length < columns, line);
  }
  terminal.columns = 0;
  terminal.emit('resize');
  terminal.take();
  pass(1000);
  assert.equal(terminal.take(), '');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveView } from '../../src/cli/live-view.js';
import { ProgressLine } from '../../src/cli/progress-line.js';
import { progressOn } from '../../src/cli/progress-on.js';

const terminal = { isTTY: true, columns: 80, rows: 24, write: () => true };

/** What shows the progress. */
const shown = (stream: object, environment: Record<string, string> = {}, tui = true) =>
  progressOn(stream as NodeJS.WriteStream, environment, { tui, color: false });

test('a live view on a terminal that knows its size, and only there', async () => {
  assert.ok((await shown(terminal, { TERM: 'xterm', CI: '' })) instanceof LiveView);
  const others = [
    shown(terminal, {}, false),
    shown({ ...terminal, columns: 0 }),
    shown({ ...terminal, rows: 0 }),
    shown({ write: () => true }),
    shown(terminal, { CI: 'true' }),
    shown(terminal, { CI: '1' }),
    shown(terminal, { TERM: 'dumb' }),
  ];
  for (const other of await Promise.all(others)) assert.ok(other instanceof ProgressLine);
});

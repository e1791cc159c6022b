import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalColumns, useColor } from '../../src/cli/terminal.js';

test('the terminal tells its width; elsewhere COLUMNS does, else it is 100', () => {
  assert.equal(terminalColumns({ columns: 60 }, { COLUMNS: '200' }), 60);
  assert.equal(terminalColumns({}, { COLUMNS: '72' }), 72);
  // A terminal without a size says 0.
  assert.equal(terminalColumns({ columns: 0 }, {}), 100);
  for (const COLUMNS of ['', 'wide', '-5', '1', '99999999']) {
    assert.equal(terminalColumns({}, { COLUMNS }), 100, COLUMNS);
  }
});

test('colours go to a terminal only, and not against NO_COLOR, --no-color or TERM=dumb', () => {
  const terminal = { isTTY: true };
  assert.equal(useColor(false, terminal, { TERM: 'xterm' }), true);
  assert.equal(useColor(false, {}, { TERM: 'xterm', FORCE_COLOR: '1' }), false);
  assert.equal(useColor(true, terminal, {}), false);
  assert.equal(useColor(false, terminal, { NO_COLOR: '1' }), false);
  assert.equal(useColor(false, terminal, { NO_COLOR: '' }), true);
  assert.equal(useColor(false, terminal, { TERM: 'dumb' }), false);
});

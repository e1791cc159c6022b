/** The servers that are after memory, all of them at once, as a user's process meets them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../support/faults/command.js';
import type { Fault } from '../support/faults/fault.js';
import { FAULTS } from '../support/faults/index.js';

const hungry = FAULTS.filter((fault) => fault.hungry === true && fault.h2 === undefined);

test(`${hungry.length} hungry servers in one: under 200 MB, every request counted`, async (t) => {
  const fault: Fault = {
    name: 'each answer another one',
    to: 'all',
    outcome: 'timeout',
    answer: (socket, request) => hungry[request.inAll % hungry.length]?.answer?.(socket, request),
    flags: { 'endpoint-from': 'body:/^(never)/' },
  };
  const { outcomes, exit, peakBytes, stderr } = await runCommand(t, fault);
  assert.deepEqual([exit, stderr], [0, '']);
  // Beside the floods, whole answers may come too late.
  const { timeout = 0, 'too-large': tooLarge = 0, ok = 0, ...rest } = outcomes;
  assert.deepEqual([timeout > 0, tooLarge + timeout + ok, rest], [true, 100, {}]);
  assert.ok(peakBytes > 50e6 && peakBytes < 200e6, `${Math.round(peakBytes / 1e6)} MB`);
});

import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { namingFlags } from '../../../src/cli/options/flag-names.js';
import { UserError } from '../../../src/errors.js';
import { checkDescriptors, descriptorUse } from '../../../src/probes/load/descriptors.js';
import { planFor } from '../../support/plan.js';

const load = (changes: Parameters<typeof planFor>[1] = {}) => planFor('http://127.0.0.1/', changes).load;

function refusal(...given: Parameters<typeof checkDescriptors>): UserError {
  try {
    checkDescriptors(...given);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return namingFlags(error);
  }
  return assert.fail('nothing was said');
}

test('just enough is enough; one fewer is said with what is needed and what would fit', () => {
  const plan = load({ load: { connections: 50, threads: 2 } });
  // 20 open, 50 connections, 4 for each of 2 threads, 8 to spare.
  checkDescriptors(plan, { limit: 86, inUse: 20 });
  const { message, exitCode } = refusal(plan, { limit: 85, inUse: 20 });
  assert.equal(exitCode, 2);
  assert.match(
    message,
    /^50 connections with 2 threads need about 86 open files, but this process may have 85\./,
  );
  assert.match(message, /Nothing was sent\. Raise the limit \(ulimit -n 86\), or give at most -c 49\.$/);
  checkDescriptors({ ...plan, connections: 49 }, { limit: 85, inUse: 20 });
});

test('in an open loop it is what may be in flight; with no room at all no number is promised', () => {
  const open = load({ load: { mode: 'open', ratePerSecond: 1, connections: 5, maxInFlight: 300 } });
  assert.match(refusal(open, { limit: 256, inUse: 20 }).message, /^300 connections .*--max-in-flight 224\.$/);
  assert.match(refusal(open, { limit: 25, inUse: 20 }).message, /Raise the limit \(ulimit -n 332\)\.$/);
});

test('threads that get no connection open nothing, and an unknown limit stops nobody', () => {
  checkDescriptors(load({ load: { connections: 1, threads: 64 } }), { limit: 40, inUse: 20 });
  checkDescriptors(load({ load: { connections: 1_000_000 } }), { limit: null, inUse: 0 });
});

test('what is open is counted as it is', () => {
  const before = descriptorUse();
  const files = Array.from({ length: 7 }, () => openSync(process.execPath, 'r'));
  const { limit, inUse } = descriptorUse();
  for (const file of files) closeSync(file);
  if (process.platform === 'linux') {
    assert.ok(limit !== null && limit > inUse);
    assert.equal(inUse, before.inUse + 7);
  } else {
    assert.equal(limit, null);
  }
});

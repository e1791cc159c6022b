import assert from 'node:assert/strict';
import { appendFileSync, unlinkSync } from 'node:fs';
import { test } from 'node:test';
import { waitForFlush } from '../../src/gateway/flush-wait.js';
import { logFile } from '../support/gateway-word.js';

/** The time since the run's end as a number of polls of 100 ms, whatever the machine does. */
function polls(onPoll: (n: number) => void = () => {}): () => number {
  let n = -1;
  return () => {
    n += 1;
    onPoll(n);
    return n * 100;
  };
}

test('a file that has grown after the end and stands still has everything', async (t) => {
  const file = logFile(t, 'before\n');
  let asked = 0;
  const sinceEndMs = polls((n) => {
    asked = n;
    if (n === 3) appendFileSync(file, 'a line\n');
  });
  assert.equal(await waitForFlush({ file, flushMs: 10_000, sinceEndMs, signal: undefined }), 0);
  assert.ok(asked < 20, `${asked}`);
});

test('a file that does not grow is waited for as long as the gateway may hold lines back', async (t) => {
  const file = logFile(t, 'before\n');
  let n = 0;
  const sinceEndMs = () => {
    n += 1;
    return n * 2000;
  };
  assert.equal(await waitForFlush({ file, flushMs: 10_000, sinceEndMs, signal: undefined }), 0);
  assert.equal(n, 6);
});

test('a file that never stands still, or a gateway that writes once a minute, is not waited for beyond the bound', async (t) => {
  const file = logFile(t, '');
  let last = 0;
  const growing = polls((n) => {
    last = n * 100;
    appendFileSync(file, 'x');
  });
  const given = { file, flushMs: 10_000, signal: undefined, pollMs: 1 };
  assert.equal(await waitForFlush({ ...given, sinceEndMs: growing }), 0);
  assert.ok(last >= 12_000 && last < 12_500, `${last}`);
  let waited = 0;
  const rare = () => {
    waited += 4000;
    return waited;
  };
  assert.equal(await waitForFlush({ file, flushMs: 60_000, sinceEndMs: rare, signal: undefined }), 48_000);
});

test('a signal ends the wait, and what may be missing is told', async (t) => {
  const file = logFile(t, '');
  const abort = new AbortController();
  const sinceEndMs = polls((n) => {
    if (n === 4) abort.abort();
  });
  const missing = await waitForFlush({ file, flushMs: 10_000, sinceEndMs, signal: abort.signal });
  assert.ok(missing > 9000 && missing < 10_000, `${missing}`);
  assert.equal(
    await waitForFlush({ file, flushMs: 10_000, sinceEndMs: () => 0, signal: AbortSignal.abort() }),
    10_000,
  );
});

test('a file that goes away is no reason to fail', async (t) => {
  const file = logFile(t, 'x');
  const sinceEndMs = polls((n) => {
    if (n === 2) unlinkSync(file);
  });
  assert.equal(await waitForFlush({ file, flushMs: 10_000, sinceEndMs, signal: undefined }), 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { asError, systemReason, tooManyFiles } from '../src/errors.js';

const failed = (code: string | undefined, message = 'failed') => Object.assign(new Error(message), { code });

test('an error of the system is its code, with more words if no more files can be opened', () => {
  assert.equal(systemReason(failed('ENOSPC')), 'ENOSPC');
  assert.equal(systemReason(failed(undefined, 'strange')), 'strange');
  assert.match(
    systemReason(failed('EMFILE')),
    /^EMFILE, too many files are open in this process: .*ulimit -n/,
  );
  assert.match(systemReason(failed('ENFILE')), /^ENFILE, too many files are open on this machine/);
});

test('a thread that cannot be started for this reason counts too, a file of that name does not', () => {
  assert.match(
    tooManyFiles(failed('ERR_WORKER_INIT_FAILED', 'Worker initialization failure: EMFILE')) ?? '',
    /ulimit -n/,
  );
  assert.equal(tooManyFiles(failed('ERR_WORKER_INIT_FAILED', 'Worker initialization failure: EAGAIN')), null);
  assert.equal(tooManyFiles(failed('ENOENT', "no such file, open 'EMFILE'")), null);
});

test('whatever is thrown becomes an error: itself, also one of another realm, or what it looks like', () => {
  const own = new TypeError('ours');
  assert.equal(asError(own), own);
  const foreign = runInNewContext("new Error('theirs')");
  assert.equal(asError(foreign), foreign);
  for (const [thrown, message] of [
    ['text', 'text'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Object.create(null), '[Object: null prototype] {}'],
  ]) {
    const error = asError(thrown);
    assert.equal(error.message, message);
    // No place in our code, since it was not thrown there.
    assert.equal(error.stack, `Error: ${message}`);
  }
});

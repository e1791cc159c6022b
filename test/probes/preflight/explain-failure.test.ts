import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFailure, failureExit } from '../../../src/probes/preflight/explain-failure.js';
import type { PreflightFailure } from '../../../src/probes/preflight/reply.js';
import { planFor } from '../../support/plan.js';

test('a connection for which this machine has no file descriptor says nothing about the gateway', () => {
  for (const http2 of [false, true]) {
    const plan = planFor('http://192.0.2.1:8080/', { flags: { http2 } });
    const error = Object.assign(new Error('connect EMFILE'), { code: 'EMFILE' });
    const failure: PreflightFailure = {
      kind: 'failure',
      outcome: 'no-file-descriptor',
      connected: false,
      error,
    };
    assert.match(
      explainFailure(plan, failure, String),
      /^No connection to 192\.0\.2\.1:8080 .* ulimit -n\.$/,
    );
    assert.equal(failureExit(failure), 'usage');
    assert.equal(failureExit({ ...failure, outcome: 'refused' }), 'unreachable');
  }
});

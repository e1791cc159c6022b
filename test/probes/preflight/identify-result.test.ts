import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagName } from '../../../src/cli/options/flag-names.js';
import { identifyReply } from '../../../src/probes/preflight/identify-result.js';
import type { PreflightReply } from '../../../src/probes/preflight/reply.js';
import { planFor } from '../../support/plan.js';
import { rawHeaders } from '../../support/raw-headers.js';

function reply(change: Partial<PreflightReply>): PreflightReply {
  return {
    kind: 'reply',
    status: 200,
    headers: [],
    body: Buffer.alloc(0),
    cut: false,
    outcome: 'ok',
    fromGateway: false,
    upstreamTimeStamped: false,
    address: '127.0.0.1:80',
    ...change,
  };
}

test('what the request sent is marked where it comes back', () => {
  const plan = planFor('http://127.0.0.1/a?b', {
    flags: { host: 'test.devopscube.com:8080', headers: ['x-want: v9'], method: 'PUT' },
  });
  const sent = ['test.devopscube.com', 'test.devopscube.com:8080', 'v9', 'PUT', '/a?b'];
  const body = Buffer.from(JSON.stringify([...sent, 'v1']));
  const { identifiers, url, method } = identifyReply(plan, reply({ body }), flagName);
  assert.deepEqual([url, method], ['http://127.0.0.1/a?b', 'PUT']);
  assert.deepEqual(
    identifiers.map(({ version, warning }) => [version, warning]),
    [...sent.map((text) => [text, 'this request sent it']), ['v1', null]],
  );
});

test('what is chosen, as words of the command line', () => {
  const headers = rawHeaders(['x-weighbridge-version', 'v1'], ['x-weighbridge-endpoint', 'v1-0']);
  const { detected, identifiers, problem, body } = identifyReply(
    planFor('http://h/'),
    reply({ headers }),
    flagName,
  );
  assert.deepEqual(detected, {
    version: 'header:x-weighbridge-version',
    endpoint: 'header:x-weighbridge-endpoint',
    why: 'the answer has the header x-weighbridge-version',
  });
  assert.deepEqual(
    identifiers.map((one) => [...one.flags, one.version, one.endpoint, one.detected]),
    [
      ['--version-from', 'header:x-weighbridge-version', 'v1', null, true],
      ['--endpoint-from', 'header:x-weighbridge-endpoint', null, 'v1-0', true],
    ],
  );
  assert.deepEqual([problem, body], [null, '(empty)']);
});

test("a reply that no run could begin with has the pre-flight's explanation", () => {
  const found = identifyReply(
    planFor('http://h/'),
    reply({ status: 404, outcome: 'route-not-found', fromGateway: true }),
    flagName,
  );
  assert.match(found.problem ?? '', /the gateway has no route/);
  assert.deepEqual([found.detected, found.identifiers], [null, []]);
});

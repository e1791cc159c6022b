import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGateway } from '../../../src/cli/options/gateway.js';
import { UserError } from '../../../src/errors.js';

const refused = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, message);
  return true;
};

test('interfaces may be several, the log is one; without either nothing is asked', () => {
  assert.deepEqual(parseGateway({}), { admins: [], eventLog: undefined });
  assert.deepEqual(parseGateway({ 'envoy-admin': ['http://a:15000', 'http://b:15000'] }), {
    admins: ['http://a:15000', 'http://b:15000'],
    eventLog: undefined,
  });
  assert.deepEqual(parseGateway({ 'envoy-event-log': 'events.log' }), {
    admins: [],
    eventLog: 'events.log',
  });
  assert.throws(() => parseGateway({ 'envoy-event-log': ['a', 'b'] }), refused(/given 2 times/));
  for (const name of ['', '-'])
    assert.throws(() => parseGateway({ 'envoy-event-log': name }), refused(/a file/));
});

import assert from 'node:assert/strict';
import { linkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Flags } from '../../../src/cli/options/flags.js';
import { parseGateway } from '../../../src/cli/options/gateway.js';
import { destinationsIn, parseOutput } from '../../../src/cli/options/output.js';
import { refuseOverwriting } from '../../../src/cli/outputs/destinations.js';
import { eventLogInput } from '../../../src/cli/outputs/inputs.js';
import { UserError } from '../../../src/errors.js';
import { logFile } from '../../support/gateway-word.js';

/** The event log that the flags name, once nothing is to be written over it. */
function eventLogFromFlags(flags: Flags): string | undefined {
  const { eventLog } = parseGateway(flags);
  refuseOverwriting(eventLogInput(eventLog), destinationsIn(parseOutput(flags)));
  return eventLog;
}

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
    assert.throws(() => eventLogFromFlags({ 'envoy-event-log': name }), refused(/a file/));
});

test('the log is never written over, under whatever name', (t) => {
  const file = logFile(t, '');
  for (const flag of ['json', 'csv', 'save', 'samples']) {
    const message = new RegExp(`^--${flag}: .*events\\.log is the event log that --envoy-event-log reads`);
    assert.throws(() => eventLogFromFlags({ 'envoy-event-log': file, [flag]: file }), refused(message));
    assert.throws(
      () =>
        eventLogFromFlags({
          'envoy-event-log': file,
          [flag]: join(dirname(file), '.', 'x', '..', 'events.log'),
        }),
      refused(message),
    );
  }
  const other = join(dirname(file), 'ejections.csv');
  linkSync(file, other);
  assert.throws(() => eventLogFromFlags({ 'envoy-event-log': file, json: other }), refused(/^--json/));
  assert.throws(
    () => eventLogFromFlags({ 'envoy-event-log': file, 'csv-dir': dirname(file) }),
    refused(/^--csv-dir/),
  );
  assert.equal(eventLogFromFlags({ 'envoy-event-log': file, json: '-' }), file);
});

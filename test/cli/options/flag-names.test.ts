import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagName, namingFlags } from '../../../src/cli/options/flag-names.js';
import { RUN_FLAGS } from '../../../src/cli/options/run.js';
import { contradiction, UserError } from '../../../src/errors.js';

test('options of the library and their flags', () => {
  assert.equal(flagName('load.streams'), '--streams');
  assert.equal(flagName('load.ratePerSecond'), '--rate');
  assert.equal(flagName('headers'), '-H');
  assert.equal(flagName('manifests'), '-f');
  assert.equal(flagName('cut.where'), '--where');
  assert.deepEqual([flagName('gateway.eventLog'), flagName('eventLog')], Array(2).fill('--envoy-event-log'));
  assert.equal(flagName('not an option'), 'not an option');
});

test('advice asks for the short form, where the flag has one', () => {
  assert.equal(flagName('load.connections'), '--connections');
  assert.equal(flagName('load.connections', 'short'), '-c');
  assert.equal(flagName('tls.verify', 'short'), '-k');
  assert.equal(flagName('tls.ca', 'short'), '--cacert');
});

test('every flag of a plan says which option it sets, and no option has two', () => {
  const sets = Object.values(RUN_FLAGS).flatMap((flag) => flag.sets ?? []);
  assert.equal(new Set(sets).size, sets.length);
  const without = Object.entries(RUN_FLAGS).flatMap(([name, flag]) =>
    flag.sets === undefined ? [name] : [],
  );
  assert.deepEqual(
    without.filter(
      (name) =>
        !/^(envoy-|header-env|json|html|csv|save|samples|quiet|percentiles|(no-)?histogram|print|no-tui|no-color|explain)/.test(
          name,
        ),
    ),
    [],
  );
});

test('an error with both names; other errors stay as they are', () => {
  const error = contradiction('load.keepalive', 'load.requestsPerConnection', 'why');
  assert.equal(error.message, 'load.keepalive and load.requestsPerConnection contradict each other: why.');
  assert.equal(
    namingFlags(error).message,
    '--no-keepalive and --requests-per-connection contradict each other: why.',
  );
  const plain = new UserError('x', 'unreachable');
  assert.equal(namingFlags(plain), plain);
});

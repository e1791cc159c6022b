import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLocalPorts, localPorts } from '../../../src/probes/load/local-ports.js';
import { planFor } from '../../support/plan.js';

const plan = (connections: number, load = {}) =>
  planFor('http://127.0.0.1:80', { load: { connections, maxInFlight: connections, ...load } });

test('each connection to an address needs a port of its own', () => {
  checkLocalPorts(plan(100), 100);
  checkLocalPorts(plan(101), null);
  assert.throws(
    () => checkLocalPorts(plan(101), 100),
    /101 connections to one address need .* has 100 .*load\.connections 100/s,
  );
  assert.throws(
    () => checkLocalPorts(plan(101, { mode: 'open', ratePerSecond: 10 }), 100),
    /load\.maxInFlight 100/,
  );
});

test('connections to several addresses may share ports, and Unix sockets have none', () => {
  const { load, target } = plan(101);
  const [address] = target.connectTo;
  assert.ok(address !== undefined);
  checkLocalPorts(
    { load, target: { ...target, connectTo: [address, { kind: 'tcp', host: '127.0.0.2', port: 80 }] } },
    100,
  );
  checkLocalPorts({ load, target: { ...target, connectTo: [{ kind: 'unix', path: '/tmp/socket' }] } }, 100);
});

test('on Linux the range is known', { skip: process.platform !== 'linux' }, () => {
  const ports = localPorts();
  assert.ok(ports === null || (ports > 0 && ports <= 65_536));
});

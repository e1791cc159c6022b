import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doctorFindings } from '../../../src/analysis/doctor/findings.js';
import { CLOSED, MACHINE, OPEN } from '../../support/doctor-results.js';
import { GENERATOR } from '../../support/saved.js';

const found = (changes: Partial<Parameters<typeof doctorFindings>[0]> = {}) =>
  doctorFindings({ machine: MACHINE, closedLoop: CLOSED, openLoop: OPEN, ...changes }).map(
    ({ kind, text }) => `${kind}: ${text}`,
  );
const kinds = (changes: Parameters<typeof found>[0]) => found(changes).map((text) => text.replace(/:.*/, ''));

test('a machine with nothing else to do: rates, threads, lateness and the limit of connections', () => {
  const [rate, threads, lateness, connections, ports, ...more] = found();
  assert.match(rate ?? '', /^rate: Measure at rates up to 20,000 requests per second\./);
  assert.match(threads ?? '', /^threads: More may be had with --threads 2 and with --driver wire/);
  assert.match(
    lateness ?? '',
    /^lateness: At 1,000\/s requests are written 48 µs after .* 1 % of them more than 812 µs\./,
  );
  assert.match(
    connections ?? '',
    /^connections: Open files limit connections: 988, .* 1,024 files open\. ulimit -n/,
  );
  assert.match(ports ?? '', /^ports: Without keep-alive, at most about 471 connections a second/);
  assert.deepEqual(more, []);
});

test('what limits it, each with what to do', () => {
  const machine = { ...MACHINE, cpuQuota: 1.5, loadAverage: 2, localPorts: 100, mostConnections: 100 };
  const generator = { ...GENERATOR, noCoreShare: 0.3, gcShare: 0.2, stallMaxMs: 45 };
  const all = found({ machine, closedLoop: { ...CLOSED, clientLimited: false, generator } }).join('\n');
  for (const words of [
    /^rate: The client was not the limit/m,
    /^cores: The container may use 1\.5 cores \(its CPU limit\)/m,
    /^cores: Other programs are busy here: the load average was 2 on 4 cores/m,
    /^cores: A thread of the client had work and no core for 30 % of the time/m,
    /^stalls: Garbage collection took 20 %/m,
    /^stalls: An event loop stood still for 45 ms/m,
    /^connections: The local ports limit connections: 100 to one address/m,
  ]) {
    assert.match(all, words);
  }
});

test('a p99 of too few requests is not told', () => {
  const openLoop = { ...OPEN, latenessUs: { p50: 48, p99: null, max: 900 } };
  const [late] = doctorFindings({ machine: MACHINE, closedLoop: CLOSED, openLoop }).filter(
    ({ kind }) => kind === 'lateness',
  );
  assert.match(late?.text ?? '', /written 48 µs after they are due \(median\)\. Latencies/);
});

test('what is not known is not told', () => {
  const machine = { ...MACHINE, loadAverage: null, openFiles: null, localPorts: null, mostConnections: null };
  const closedLoop = {
    ...CLOSED,
    driver: 'wire',
    threads: 4,
    generator: null,
    requestsPerSecond: 0,
  } as const;
  assert.deepEqual(kinds({ machine, closedLoop, openLoop: null }), []);
  assert.deepEqual(kinds({ machine, closedLoop, openLoop: { ...OPEN, latenessUs: null } }), []);
});

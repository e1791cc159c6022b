import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSaid, refusal, weighbridge } from '../support/cli.js';
import { readDoctor } from '../support/doctor-results.js';

// How much a machine can send is not asserted: only that it is measured, and judged by what was measured.
test('JSON is valid, its figures are measured, and the exit status is the verdict', async (t) => {
  const words = [
    'doctor',
    '-z',
    '0.6s',
    '--threads',
    '1',
    '--driver',
    'wire',
    '-q',
    '40',
    '-c',
    '3',
    '--json',
    '-',
  ];
  const { status, stdout } = await weighbridge(t, words);
  const { verdict, checks, closedLoop, openLoop, machine, tool, findings } = readDoctor(stdout);
  assert.equal(status, { pass: 0, fail: 1, inconclusive: 3 }[verdict ?? 'fail'], stdout);
  assert.deepEqual(
    checks.map(({ kind }) => kind),
    ['rate', 'connections'],
  );
  assert.equal(checks[1]?.verdict, 'pass');
  assert.deepEqual([closedLoop.driver, closedLoop.threads, closedLoop.connections], ['wire', 1, 3]);
  assert.ok(closedLoop.requests > 0 && (closedLoop.cpuUsPerRequest ?? 0) > 0, stdout);
  assert.ok(
    openLoop !== null && openLoop.connections === 3 && openLoop.requests + openLoop.failed > 0,
    stdout,
  );
  assert.ok(machine.cores >= 1 && findings.length > 0);
  assert.match(tool.command ?? '', / doctor -z 0\.6s --threads 1 /);
});

test('the table, and what cannot be asked', async (t) => {
  const table = await weighbridge(t, ['doctor', '-z', '0.4s']);
  assert.deepEqual([table.status, table.stderr], [0, '']);
  assert.match(table.stdout, /^This machine can send .* requests per second/);
  assertSaid(await refusal(t, ['doctor', '--rate', '0']), 2, /--rate/);
  assertSaid(await refusal(t, ['doctor', '-z', '-1']), 2, /--duration|-z/);
});

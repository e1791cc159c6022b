import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doctorResult } from '../../../src/analysis/doctor/doctor-result.js';
import { doctorReport } from '../../../src/report/doctor/index.js';
import { CLOSED, MACHINE, OPEN, readDoctor } from '../../support/doctor-results.js';

const MEASURED = {
  tool: { version: '0.1.0', command: null },
  startedAt: '2026-12-01T12:00:00.000000Z',
  ended: 'completed',
  machine: MACHINE,
  closedLoop: CLOSED,
  openLoop: OPEN,
} as const;
const reportOf = (result: ReturnType<typeof doctorResult>) => {
  readDoctor(JSON.stringify(result));
  const text = doctorReport(result, { columns: 80, color: false });
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
  return text;
};

test('without a question: what this machine can do, how that was measured, and what it means', () => {
  const text = reportOf(doctorResult(MEASURED, {}));
  assert.match(text, /^This machine can send up to about 40,000 requests per second with 1 thread, and\n/);
  assert.match(text, /^Closed loop {2}driver undici · 50 connections · 1 thread · 40,000\/s · 25\.2 µs/m);
  assert.match(text, /^Open loop {4}1,000\/s · written late by 48 µs \(p50\), 812 µs \(p99\)/m);
  assert.match(text, /^Machine {6}4 cores · load average 0\.2 · open files: 24 of 1,024/m);
  assert.match(text, /^What that means\n- Measure at rates up to 20,000/m);
});

test('what was asked for comes first, the worst of it in the first line', () => {
  const text = reportOf(doctorResult(MEASURED, { ratePerSecond: 100, connections: 2_000 }));
  assert.match(
    text,
    /^FAIL {2}2,000 connections: this machine can have 988 to one address\n {6}100\/s: at most half/,
  );
});

test('an interruption judges nothing', () => {
  const result = doctorResult({ ...MEASURED, ended: 'interrupted', openLoop: null }, { ratePerSecond: 1e6 });
  assert.deepEqual([result.verdict, result.checks], [null, []]);
  assert.match(reportOf(result), /^Interrupted: .*\n[\s\S]*^Open loop {4}not measured$/m);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparableRun } from '../../../src/analysis/compare/inputs.js';
import { compare } from '../../../src/compare.js';
import { compareReport } from '../../../src/report/compare/index.js';
import { widthOf } from '../../../src/text/width.js';
import { comparableRun, evenly, type MadeVersion } from '../../support/comparable.js';
import { foundKnee, noRefusals } from '../../support/limits-results.js';

const versions = (errors = 0, factor = 1): Record<string, MadeVersion> => ({
  'backend-v1': { requests: 45_000, expectedShare: 0.9 },
  'backend-v2': { requests: 5000, expectedShare: 0.1, errors, times: evenly(5000, factor) },
});

function reportOf(results: readonly ComparableRun[], names: readonly string[], columns = 100): string {
  const text = compareReport(compare(results, { names }), { columns, color: false });
  for (const line of text.split('\n')) assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
  return text;
}

test('the first lines say whether it is worse, in what, and by how much', () => {
  const text = reportOf([comparableRun(versions()), comparableRun(versions(150, 1.5))], ['a.json', 'b.json']);
  assert.match(
    text,
    /^CAREFUL {2}something else may explain a difference:\n {2}- a\.json and b\.json are the same run/,
  );
  assert.match(
    text,
    /^WORSE {2}B b\.json against A a\.json\n {7}backend-v2 p50 \+7\d\d µs \(\+50\.1 %\), interval \+\d+ – \+\d+ µs\n/m,
  );
  assert.match(text, /^ {7}errors of backend-v2 \+3\.00 points, interval \+2\.\d\d – \+3\.\d\d points$/m);
  assert.match(text, /^A a\.json {7}2026-12-01 12:00 {4}50,000 {2}5,000\/s {2}pass$/m);
  assert.match(
    text,
    /^backend-v2 p99 {10}1\.99 ms {2}2\.9\d ms {4}\+50 % {2}\+0\.99 – \+1\.\d\d ms {2}worse$/m,
  );
  assert.match(text, /^backend-v2 slower in {14}9\d\.\d % {14}9\d\.\d – 9\d\.\d %$/m);
  assert.match(text, /^503 {14}0 {2}0\.00 {2}150 {2}0\.30$/m);
  assert.match(text, /^Intervals hold together with 95 % \(Bonferroni, 16 tests; each has 99\.69 %\)\.$/m);
  assert.doesNotMatch(text, /^ +errors of all requests/m, 'the version says it');
});

test('nothing differs, and what cannot be told, are not the same words', () => {
  const other = { startedAt: '2026-12-02T12:00:00.000000Z' };
  const alike = reportOf([comparableRun(versions()), comparableRun(versions(), other)], ['a', 'b']);
  assert.match(alike, /^NOT WORSE {2}B b against A a\n {11}Nothing is shown to differ\.\n/);
  const more = { ...versions(), 'backend-v3': { requests: 5000 } };
  const added = reportOf([comparableRun(versions()), comparableRun(more, other)], ['a', 'b']);
  assert.doesNotMatch(added, /Nothing is shown to differ/, 'a version was not compared');
  const few = { v1: { requests: 900, expectedShare: 0.9 }, v2: { requests: 100, expectedShare: 0.1 } };
  const unclear = reportOf([comparableRun(few), comparableRun(few, other)], ['a', 'b']);
  assert.match(unclear, /^CANNOT TELL {2}B b against A a\n {13}Nothing is shown to be worse\.\n/);
  assert.match(unclear, /It cannot be told whether these are worse: .*errors of v2/);
  assert.match(unclear, /It cannot be told of v2 p99: too few answers:\s+299 in each/);
});

test('60 columns, names and labels that would write to the terminal, and versions of one result only', () => {
  const label = `v2\u001b[31m<b>|${'x'.repeat(300)}\u202e`;
  const runs = [
    comparableRun({ v1: { requests: 900 }, [label]: { requests: 100 } }),
    comparableRun({ v1: { requests: 900 }, [label]: { requests: 50, errors: 50 }, v3: { requests: 1 } }),
  ];
  const text = reportOf(runs, ['/a/long/path/of/last-week.json', '\u001b]0;title\u0007b.json'], 60);
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  assert.match(text, /only in this one: 1 version \(v3\)/);
});

test('64 versions in 10 results: rows are bounded, and what is worse is among them', () => {
  const many = (bad: boolean) =>
    comparableRun(
      Object.fromEntries(
        Array.from({ length: 64 }, (_, i) => [
          `v${i}`,
          { requests: 800, expectedShare: 1 / 64, errors: bad && i === 63 ? 400 : 0 },
        ]),
      ),
    );
  const runs = [many(false), ...Array.from({ length: 8 }, () => many(false)), many(true)];
  const text = reportOf(
    runs,
    runs.map((_, i) => `${i}.json`),
  );
  assert.match(text, /WORSE {2}J 9\.json against A 0\.json\n {7}errors of v63 \+50\.00 points/m);
  assert.match(text, /^v63 +0\.00 +50\.00 +\+50\.00 .* worse$/m);
  assert.match(text, /^and 220 more rows: see --json$/m);
  assert.match(text, /^I 8\.json against A 0\.json$/m);
});

test('searches for limits: knees, and what is beside them', () => {
  const limitsOf = (knee: number) => foundKnee({ kneeConnections: knee, kneeBounds: [knee - 3, knee + 3] });
  const report = (...results: ReturnType<typeof foundKnee>[]) =>
    compareReport(compare(results, { names: ['a', 'b'] }), { columns: 100, color: false });
  const worse = report(limitsOf(160), limitsOf(120));
  assert.match(worse, /^WORSE {2}B b against A a\n {7}knee -40 \(-25 %\), interval -44\.2 – -35\.8\n/m);
  assert.match(worse, /^Not tested .*\nfirst refusals/m);
  assert.match(worse, /^Intervals hold together with 95 %\.$/m);
  assert.match(report(limitsOf(160), noRefusals()), /It cannot be told of knee: it found no knee/);
});

test('colour marks what is worse, and nothing is coloured without it', () => {
  const result = compare([comparableRun(versions()), comparableRun(versions(150))], { names: ['a', 'b'] });
  const colored = compareReport(result, { columns: 100, color: true });
  assert.match(colored, /\u001b\[1;31mWORSE\u001b\[22;39m/);
  assert.match(colored, /\u001b\[1;31mworse\u001b\[22;39m/);
});
